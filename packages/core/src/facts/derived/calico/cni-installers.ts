import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';
import { containersOf } from '../components/containers.ts';
import { plainPath } from './cni-runtime-directories.ts';

/** A DaemonSet that puts CNI plugins and configuration on the nodes. */
export interface CniInstaller {
  readonly name: string;
  /** Host directory it writes plugins to. */
  readonly bin: string | undefined;
  /** Host directory it writes configuration to. */
  readonly conf: string | undefined;
  /** Main plugin it brings. */
  readonly plugin: string | undefined;
  readonly origins: readonly Origin[];
}

/** Names of the volumes in the manifests and charts of the plugins. */
const BIN_VOLUMES = /^(?:cni-bin-dir|host-cni-bin|cni-bin|cnibin|cni-plugin|cni-path|cni-bin-path)$/;
const CONF_VOLUMES = /^(?:cni-net-dir|host-cni-conf|cni-conf|cni|etc-cni-netd|cni-cfg|host-cni-net-d)$/;

const PLUGINS: Readonly<Record<string, string>> = {
  'calico-node': 'calico',
  'calico-cni': 'calico',
  'antrea-agent': 'antrea',
  'cilium-agent': 'cilium-cni',
  flannel: 'flannel',
  multus: 'multus',
  'spiderpool-agent': 'spiderpool',
  whereabouts: 'whereabouts',
};

interface PodSpec {
  readonly containers?: readonly { readonly name?: string; readonly image?: string }[];
  readonly volumes?: readonly Volume[];
}

interface Volume {
  readonly name?: unknown;
  readonly hostPath?: { readonly path?: unknown };
}

/** Directories that the network plugins' DaemonSets install into, from their hostPath volumes. */
export const cniInstallers: FactDefinition<readonly CniInstaller[]> = {
  id: 'cni.installers',
  title: 'directories that CNI installers write to',
  level: 'cluster',
  format: (installers) =>
    installers
      .map(({ name, bin, conf }) => `${name}: ${bin ?? 'no plugins'}, ${conf ?? 'no configuration'}`)
      .join('; '),
  compute(read) {
    const list = read.objects('daemonsets.apps');
    if (list === undefined) return unknown(missingObjects('daemonsets.apps'));
    const installers = list.items.flatMap((stored): CniInstaller[] => {
      const spec = (stored.object.spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec;
      const component = containersOf(spec)
        .map((one) => PLUGINS[one.component])
        .find((plugin) => plugin !== undefined);
      const volumes = spec?.volumes;
      if (component === undefined || !Array.isArray(volumes)) return [];
      const bin = volumeAt(volumes, BIN_VOLUMES);
      const conf = volumeAt(volumes, CONF_VOLUMES);
      if (bin === undefined && conf === undefined) return [];
      const origins = [bin, conf].flatMap((one) =>
        one === undefined ? [] : [inObject(stored, `/spec/template/spec/volumes/${one.index}/hostPath/path`)],
      );
      return [
        { name: stored.object.metadata.name, bin: bin?.path, conf: conf?.path, plugin: component, origins },
      ];
    });
    if (installers.length === 0 && !list.complete) return unknown(missingObjects('daemonsets.apps'));
    const files = list.files.map((file) => ({ file }));
    const origins = installers.flatMap((one) => one.origins);
    return known(installers, ...(origins.length > 0 ? origins : files));
  },
};

function volumeAt(volumes: readonly (Volume | null)[], names: RegExp) {
  const index = volumes.findIndex(
    (one) => typeof one?.name === 'string' && names.test(one.name) && typeof one.hostPath?.path === 'string',
  );
  const path = volumes[index]?.hostPath?.path;
  return typeof path === 'string' ? { index, path: plainPath(path) } : undefined;
}
