import { formatVersion, parseVersion, type Version } from '../../../versions/index.ts';
import {
  type Fact,
  type FactDefinition,
  from,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';
import { containersInObjects, type FoundContainer } from './containers.ts';
import { COMPONENT_IMAGES } from './images.ts';
import { podContainers, workloadContainers } from './workloads.ts';

/** Release of one component: of its image, or of the program itself for kubelet and the API server. */
export interface ComponentVersion {
  readonly version: Version;
  /** Image reference, or the version string as reported. */
  readonly text: string;
}

const definitions = new Map<string, FactDefinition<ComponentVersion>>();

/** The version facts of all components; one definition each, as some differ per node and some do not. */
export function versionFacts(): readonly FactDefinition<ComponentVersion>[] {
  return [...definitions.values()];
}

/** The version fact of a component, for example `kube-proxy`, `calico-node`, `kubelet` or `kubernetes`. */
export function versionOf(component: string): FactDefinition<ComponentVersion> | undefined {
  return definitions.get(component);
}

function define(
  component: string,
  level: 'node' | 'cluster',
  compute: (read: Reader) => Fact<ComponentVersion>,
): void {
  definitions.set(component, {
    id: `version.${component}`,
    title: `version of ${component}`,
    level,
    key: ({ text }) => text,
    format: ({ text }) => text,
    fromText(text) {
      const version = parseVersion(text);
      return version === undefined ? undefined : { version, text: formatVersion(version) };
    },
    compute: (read) => compute(read),
  });
}

for (const { id, level } of COMPONENT_IMAGES) {
  define(id, level, (read) => (level === 'node' ? onNode(read, id) : inCluster(read, id)));
}

/** The version of the API server, from `GET /version`. */
define('kubernetes', 'cluster', (read) => {
  const stored = read.objects('version')?.items[0];
  const text = (stored?.object as { gitVersion?: unknown } | undefined)?.gitVersion;
  const version = typeof text === 'string' ? parseVersion(text) : undefined;
  if (stored === undefined || version === undefined || typeof text !== 'string') {
    return unknown({ fact: 'version of Kubernetes', command: 'kubectl version -o json' });
  }
  return known({ version, text }, inObject(stored, '/gitVersion'));
});

/** The kubelet's own version as it reports it; `kubeProxyVersion` beside it is not trusted (kubernetes PR 120954). */
define('kubelet', 'node', (read) => nodeInfoVersion(read, 'kubeletVersion', (text) => text));
define('containerd', 'node', (read) =>
  nodeInfoVersion(read, 'containerRuntimeVersion', (text) => /^containerd:\/\/(.+)$/.exec(text)?.[1]),
);

function nodeInfoVersion(
  read: Reader,
  field: string,
  pick: (text: string) => string | undefined,
): Fact<ComponentVersion> {
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: Readonly<Record<string, unknown>> } | undefined)
    ?.nodeInfo;
  const raw = info?.[field];
  const text = typeof raw === 'string' ? pick(raw) : undefined;
  const version = text === undefined ? undefined : parseVersion(text);
  if (node === undefined || text === undefined || version === undefined) {
    return unknown({ fact: `status.nodeInfo.${field} of the node`, command: 'kubectl get nodes -o json' });
  }
  return known({ version, text }, inObject(node, `/status/nodeInfo/${field}`));
}

function onNode(read: Reader, component: string): Fact<ComponentVersion> {
  const pods = read.podsOnNode();
  const running =
    pods === undefined ? [] : containersInObjects(pods, 'pod').filter((c) => c.component === component);
  if (running.length > 0) return oneVersion(running, component);
  const planned = workloadContainers(read).filter((container) => container.component === component);
  if (planned.length > 0) return oneVersion(planned, component);
  if (component === 'kube-proxy') return embeddedKubeProxy(read);
  return unknown(missingImage(component));
}

function inCluster(read: Reader, component: string): Fact<ComponentVersion> {
  const planned = workloadContainers(read).filter((container) => container.component === component);
  const found = planned.length > 0 ? planned : podContainers(read).filter((c) => c.component === component);
  if (found.length > 0) return oneVersion(found, component);
  const apiServer = CONTROL_PLANE.has(component) ? definitions.get('kubernetes') : undefined;
  const fact = apiServer === undefined ? undefined : read.fact(apiServer);
  if (apiServer === undefined || fact?.state !== 'known') return unknown(missingImage(component));
  if (component === 'kube-apiserver') return fact;
  const doubt = `${component} is not shown; its release is taken to be that of the API server`;
  return knownUncertain(fact.value, doubt, from(apiServer));
}

/** Hidden in managed clusters, whose providers upgrade all of them together. */
const CONTROL_PLANE: ReadonlySet<string> = new Set(['kube-apiserver', 'kube-controller-manager']);

/** Several images of one component at once, as in the middle of a roll-out, give no single version. */
function oneVersion(found: readonly FoundContainer[], component: string): Fact<ComponentVersion> {
  const [first] = found;
  const images = new Set(found.map((container) => container.image));
  if (first?.version === undefined || images.size > 1) {
    return unknown(
      first?.version === undefined && images.size === 1
        ? missingTag(component, first)
        : missingImage(component),
    );
  }
  const origin: Origin = first.origin;
  return known({ version: first.version, text: first.image }, origin);
}

/** K3s and MicroK8s run kube-proxy inside their own process, of the same release as the kubelet. */
function embeddedKubeProxy(read: Reader): Fact<ComponentVersion> {
  const kubelet = definitions.get('kubelet');
  const fact = kubelet === undefined ? undefined : read.fact(kubelet);
  const labels = read.nodeObject()?.object.metadata.labels as Readonly<Record<string, unknown>> | undefined;
  const embedded = fact?.state === 'known' && /[+-]k3s/.test(fact.value.text);
  if (fact?.state === 'known' && (embedded || labels?.['microk8s.io/cluster'] !== undefined)) return fact;
  return unknown(missingImage('kube-proxy'));
}

function missingImage(component: string) {
  return { fact: `image of ${component}`, command: 'kubectl get daemonsets,deployments,pods -A -o json' };
}

function missingTag(component: string, container: FoundContainer | undefined) {
  return {
    fact: `release of ${component} behind the image ${container?.image ?? ''}`,
    command: `kubectl get pods -A -o json (a tag names no release; ask the image: ${component} --version)`,
  };
}
