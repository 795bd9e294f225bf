import type { MissingFact } from '../../../model/finding.ts';
import { journalProbe } from '../../../probes/system.ts';
import type { FactDefinition, Origin } from '../../fact.ts';
import { known, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { type ConfigDocument, type ConfigRead, readConfigMap, readKey } from '../config-map/index.ts';
import { type CommandFlag, flagsOf, flagsOfContainer } from '../kubernetes/command-line.ts';
import { type ConfigMapSource, type ContainerInPod, kubeProxyContainers } from './containers.ts';

/**
 * Where the kube-proxy of a node takes its settings from. With `--config` the file alone counts: kube-proxy then
 * ignores all flags that the file has a field for.
 */
export type ProxyConfiguration =
  | { readonly kind: 'file'; readonly document: ConfigDocument }
  | { readonly kind: 'flags'; readonly flags: ReadonlyMap<string, CommandFlag>; readonly origin: Origin };

const MISSING: readonly MissingFact[] = [
  { fact: 'kube-proxy settings', command: 'kubectl -n kube-system get configmaps,daemonsets,pods -o json' },
];

/** The configuration of the node's kube-proxy, from its pod, its DaemonSet, the ConfigMap, or what K3s writes down. */
export const proxyConfiguration: FactDefinition<ProxyConfiguration> = {
  id: 'kube-proxy.configuration',
  title: 'kube-proxy configuration',
  level: 'node',
  format: ({ kind }) => (kind === 'file' ? 'configuration file' : 'command line'),
  compute(read) {
    const containers = kubeProxyContainers(read);
    const found = containers.length > 0 ? agreeing(read, containers) : withoutContainer(read);
    if (found === undefined) return unknown(...MISSING);
    return known(found, found.kind === 'file' ? found.document.origin : found.origin);
  },
};

/** DaemonSets per architecture or node pool: settled only where all of them say the same. */
function agreeing(read: Reader, containers: readonly ContainerInPod[]): ProxyConfiguration | undefined {
  const found = containers.map((container) => ofContainer(read, container));
  const [first] = found;
  return new Set(found.map(contentOf)).size === 1 ? first : undefined;
}

function contentOf(configuration: ProxyConfiguration | undefined): string {
  if (configuration === undefined) return '';
  return JSON.stringify(
    configuration.kind === 'file'
      ? configuration.document.value
      : [...configuration.flags].map(([name, { values }]) => [name, values]),
  );
}

function ofContainer(read: Reader, container: ContainerInPod): ProxyConfiguration | undefined {
  const flags = flagsOfContainer(container);
  const path = flags.get('config')?.value;
  // No kube-proxy runs without a flag: where none is shown, the image starts it in a way that the object does not tell.
  if (flags.size > 0 && path === undefined) {
    return { kind: 'flags', flags, origin: inObject(container.stored, container.pointer) };
  }
  const mounted = path === undefined ? undefined : mountedConfig(read, container, path);
  const config = mounted ?? configByName(read);
  return config?.state === 'read' ? { kind: 'file', document: config.document } : undefined;
}

/** The ConfigMap key behind a path in the container; undefined where the evidence does not show the mounts. */
function mountedConfig(read: Reader, container: ContainerInPod, path: string): ConfigRead | undefined {
  const { stored, container: spec, volumes } = container;
  const mounts = Array.isArray(spec.volumeMounts) ? spec.volumeMounts : [];
  const mount = mounts.find(
    ({ mountPath = '' }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`),
  );
  if (mount === undefined) return undefined;
  const volume = volumes.find(({ name }) => name === mount.name);
  const inVolume =
    path === mount.mountPath
      ? mount.subPath
      : path.slice((mount.mountPath ?? '').replace(/\/$/, '').length + 1);
  const sources = [
    volume?.configMap,
    ...(volume?.projected?.sources ?? []).map(({ configMap }) => configMap),
  ];
  for (const source of sources) {
    const key = source === undefined ? undefined : keyOf(source, inVolume ?? '');
    if (source?.name === undefined || key === undefined) continue;
    return readConfigMap(read, stored.object.metadata.namespace ?? 'kube-system', source.name, key);
  }
  return { state: 'not-collected' };
}

function keyOf({ items }: ConfigMapSource, path: string): string | undefined {
  if (!Array.isArray(items)) return path;
  return items.find((item: { path?: string }) => item.path === path)?.key;
}

const CONFIG_KEYS = /^(config|config\.conf|config\.yaml|kube-proxy\.conf|kubeproxy-config\.conf)$/;

/** kubeadm and k0s use `kube-proxy`, EKS `kube-proxy-config`, Talos adds a hash to that. */
function configByName(read: Reader): ConfigRead | undefined {
  const maps = (read.objects('configmaps')?.items ?? []).filter(
    ({ object: { metadata } }) =>
      metadata.namespace === 'kube-system' && /^kube-proxy(-config(-[a-z0-9]+)?)?$/.test(metadata.name),
  );
  const exact = maps.filter(({ object }) => object.metadata.name === 'kube-proxy');
  const reads = (exact.length > 0 ? exact : maps).flatMap(configsIn);
  const contents = new Set(
    reads.map((one) => (one.state === 'read' ? JSON.stringify(one.document.value) : '')),
  );
  return contents.size === 1 ? reads[0] : undefined;
}

function configsIn(stored: StoredObject): readonly ConfigRead[] {
  const data = (stored.object.data ?? {}) as Readonly<Record<string, unknown>>;
  return Object.keys(data)
    .filter((key) => CONFIG_KEYS.test(key))
    .map((key) => readKey(stored, key));
}

function withoutContainer(read: Reader): ProxyConfiguration | undefined {
  const embedded = k3sArguments(read) ?? k3sJournal(read);
  if (embedded !== undefined) return embedded;
  const config = configByName(read);
  return config?.state === 'read' ? { kind: 'file', document: config.document } : undefined;
}

/** K3s keeps its own arguments, those of its configuration file among them, in an annotation of the Node. */
function k3sArguments(read: Reader): ProxyConfiguration | undefined {
  const node = read.nodeObject();
  const annotations = node?.object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
  const text = annotations?.['k3s.io/node-args'];
  if (node === undefined || typeof text !== 'string') return undefined;
  const words = parseWords(text);
  if (words === undefined) return undefined;
  const origin = inObject(node, '/metadata/annotations/k3s.io~1node-args');
  const own = flagsOf(words.map((word) => ({ text: word, origin })));
  if (own.has('disable-kube-proxy')) return undefined;
  const passed = (own.get('kube-proxy-arg')?.values ?? []).map((value) => ({
    text: value.startsWith('-') ? value : `--${value}`,
    origin,
  }));
  return { kind: 'flags', flags: flagsOf(passed), origin };
}

function parseWords(text: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}

/** K3s says in its log with which arguments it runs the kube-proxy inside it. */
function k3sJournal(read: Reader): ProxyConfiguration | undefined {
  const journal = read.probe(journalProbe);
  if (journal.state === 'missing') return undefined;
  const line = journal.value.findLast(({ text }) => /Running kube-proxy --/.test(text));
  const command = /Running kube-proxy (--[^"]*)/.exec(line?.text ?? '')?.[1];
  if (line === undefined || command === undefined) return undefined;
  const origin = at(journal.file, line);
  const words = command.trim().split(/\s+/);
  return { kind: 'flags', flags: flagsOf(words.map((text) => ({ text, origin }))), origin };
}
