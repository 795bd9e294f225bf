import { containerdConfigProbe, crioConfigProbe, kubeletFlagsProbe } from '../../../probes/configuration.ts';
import { parseVersion } from '../../../versions/index.ts';
import { type Fact, type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';

/** Where a container runtime looks for CNI plugins and their configuration. */
export interface CniDirectories {
  readonly bin: readonly string[];
  readonly conf: string;
}

const DEFAULT_BIN = '/opt/cni/bin';
const DEFAULT_CONF = '/etc/cni/net.d';

/**
 * CNI directories of the container runtime, from its own configuration; before Kubernetes 1.24 and with Docker from the
 * kubelet's flags. Defaults only count where that configuration was read.
 */
export const runtimeCniDirectories: FactDefinition<CniDirectories> = {
  id: 'cni.runtime-directories',
  title: 'CNI directories of the container runtime',
  level: 'node',
  key: (directories) => JSON.stringify(directories),
  format: ({ bin, conf }) => `plugins in ${bin.join(', ')}; configuration in ${conf}`,
  compute(read) {
    const runtime = runtimeOf(read);
    if (runtime?.name === 'docker') return fromKubelet(read, runtime.origin);
    if (runtime?.name === 'cri-o') return fromCrio(read) ?? missing('crio config');
    if (runtime?.name === 'containerd') return fromContainerd(read) ?? missing('containerd config dump');
    return fromContainerd(read) ?? fromCrio(read) ?? missing('containerd config dump');
  },
};

/** Paths without a slash at the end and without repeated ones, as they compare. */
export function plainPath(path: string): string {
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

function runtimeOf(read: Reader): { readonly name: string; readonly origin: Origin } | undefined {
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: { containerRuntimeVersion?: unknown } } | undefined)
    ?.nodeInfo;
  const text = info?.containerRuntimeVersion;
  if (node === undefined || typeof text !== 'string') return undefined;
  const name = text.split('://')[0] ?? '';
  return { name, origin: inObject(node, '/status/nodeInfo/containerRuntimeVersion') };
}

function fromContainerd(read: Reader): Fact<CniDirectories> | undefined {
  const probe = read.probe(containerdConfigProbe);
  if (probe.state === 'missing' || !probe.complete) return undefined;
  const { binDirs, confDir, imports } = probe.value;
  const value = directories(
    binDirs.map(({ path }) => path),
    confDir?.path,
  );
  const places = [...binDirs, ...(confDir === undefined ? [] : [confDir])].map((place) =>
    at(probe.file, place),
  );
  const origins = places.length > 0 ? places : [at(probe.file, {})];
  const others = imports.filter(({ path }) => path !== '/etc/containerd/config.toml');
  if (others.length === 0 || (binDirs.length > 0 && confDir !== undefined)) return known(value, ...origins);
  return knownUncertain(
    value,
    `files that it imports (${others.map(({ path }) => path).join(', ')}) may say otherwise`,
    ...origins,
  );
}

function fromCrio(read: Reader): Fact<CniDirectories> | undefined {
  const probe = read.probe(crioConfigProbe);
  if (probe.state === 'missing' || !probe.complete) return undefined;
  const { pluginDirs, networkDir } = probe.value;
  const value = directories(
    pluginDirs.map(({ path }) => path),
    networkDir?.path,
  );
  const places = [...pluginDirs, ...(networkDir === undefined ? [] : [networkDir])].map((place) =>
    at(probe.file, place),
  );
  if (pluginDirs.length > 0) return known(value, ...places);
  return knownUncertain(
    value,
    'drop-ins of the distribution may add directories',
    at(probe.file, {}),
    ...places,
  );
}

/** Up to Kubernetes 1.23 the kubelet itself calls CNI for Docker; later cri-dockerd does, with flags of its own. */
function fromKubelet(read: Reader, runtime: Origin): Fact<CniDirectories> {
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: { kubeletVersion?: unknown } } | undefined)?.nodeInfo;
  const version = typeof info?.kubeletVersion === 'string' ? parseVersion(info.kubeletVersion) : undefined;
  if (version === undefined || version.major > 1 || version.minor >= 24)
    return missing('ps -o args= -C cri-dockerd');
  const probe = read.probe(kubeletFlagsProbe);
  if (probe.state === 'missing' || !probe.complete) return missing('ps -o args= -C kubelet');
  const bin = probe.value.get('cni-bin-dir');
  const conf = probe.value.get('cni-conf-dir');
  const places = [bin, conf].filter((flag) => flag !== undefined).map((flag) => at(probe.file, flag));
  return known(
    directories(bin?.value.split(',') ?? [], conf?.value),
    runtime,
    ...(places.length > 0 ? places : [at(probe.file, {})]),
  );
}

function directories(bin: readonly string[], conf: string | undefined): CniDirectories {
  const own = bin.filter((path) => path !== '').map(plainPath);
  return { bin: own.length > 0 ? [...new Set(own)] : [DEFAULT_BIN], conf: plainPath(conf ?? DEFAULT_CONF) };
}

function missing(command: string) {
  return unknown({ fact: 'CNI directories of the container runtime', command, where: 'node' });
}
