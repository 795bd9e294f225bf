import { type FactDefinition, known, unknown } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { type ConfigDocument, readKey } from '../config-map/index.ts';

const MISSING = {
  fact: 'Antrea agent configuration',
  command: 'kubectl -n kube-system get configmaps,daemonsets -o json',
};

/**
 * `antrea-agent.conf`: from the ConfigMap that the DaemonSet mounts, else from the only one there is. Kustomize manifests
 * add a hash to its name and leave the ones of earlier releases behind.
 */
export const agentConfig: FactDefinition<ConfigDocument> = {
  id: 'antrea.agent-config',
  title: 'Antrea agent configuration',
  level: 'cluster',
  format: () => 'antrea-agent.conf',
  compute(read) {
    const document = agentDocument(read, 'antrea-agent.conf');
    return document === undefined ? unknown(MISSING) : known(document, document.origin);
  },
};

/** A key of the agent's ConfigMap; undefined where it cannot be read, or where several maps say different things. */
export function agentDocument(read: Reader, key: string): ConfigDocument | undefined {
  const maps = configMaps(read);
  const mounted = mountedName(read);
  const candidates =
    mounted === undefined ? maps : maps.filter(({ object }) => object.metadata.name === mounted);
  const documents = candidates.map((map) => readKey(map, key));
  const contents = new Set(
    documents.map((one) => (one.state === 'read' ? JSON.stringify(one.document.value) : '')),
  );
  const [first] = documents;
  return first?.state === 'read' && contents.size === 1 ? first.document : undefined;
}

function configMaps(read: Reader): readonly StoredObject[] {
  return (read.objects('configmaps')?.items ?? []).filter(
    ({ object: { metadata } }) =>
      /^antrea-config(?:-[a-z0-9]{10})?$/.test(metadata.name) && metadata.namespace !== undefined,
  );
}

interface PodTemplate {
  readonly template?: {
    readonly spec?: {
      readonly volumes?: readonly {
        readonly name?: string;
        readonly configMap?: { readonly name?: string };
      }[];
    };
  };
}

function mountedName(read: Reader): string | undefined {
  const agents = (read.objects('daemonsets.apps')?.items ?? []).filter(
    ({ object }) => object.metadata.name === 'antrea-agent',
  );
  const names = agents.flatMap(({ object }) => {
    const volumes = (object.spec as PodTemplate | undefined)?.template?.spec?.volumes ?? [];
    const name = volumes.find((volume) => volume.name === 'antrea-config')?.configMap?.name;
    return name === undefined ? [] : [name];
  });
  return new Set(names).size === 1 ? names[0] : undefined;
}
