import { PRODUCTS } from '../facts/derived/components/presence.ts';
import { kernel } from '../facts/derived/kernel/index.ts';
import { operatingSystem } from '../facts/derived/operating-system/index.ts';
import { type AnyFactDefinition, type Fact, known } from '../facts/fact.ts';
import { factById, factIds } from '../facts/registry.ts';
import { type GivenFacts, givenKey } from '../facts/subjects.ts';
import { type KernelHints, parseKernelRelease } from '../versions/index.ts';

export type ParsedArguments =
  | { readonly ok: true; readonly given: GivenFacts }
  | { readonly ok: false; readonly message: string };

/** Short names people know, with the facts they stand for. */
const SHORT_NAMES: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ['version.kubernetes', 'version.kubelet', 'version.kube-proxy'],
  'kube-proxy': ['version.kube-proxy'],
  'proxy-mode': ['kube-proxy.mode'],
  calico: [
    'version.calico-node',
    'version.calico-cni',
    'version.calico-typha',
    'version.calico-kube-controllers',
  ],
  antrea: ['version.antrea-agent', 'version.antrea-controller'],
  spiderpool: ['version.spiderpool-agent', 'version.spiderpool-controller'],
  multus: ['version.multus'],
  whereabouts: ['version.whereabouts'],
  cilium: ['version.cilium-agent'],
  coredns: ['version.coredns', 'version.node-local-dns'],
  containerd: ['version.containerd'],
  encapsulation: ['calico.encapsulation'],
};

/** Keys that `preflight` takes: short names, and every fact that can be given as text. */
export function preflightKeys(): readonly string[] {
  const facts = factIds().filter((id) => factById(id)?.fromText !== undefined);
  return [...Object.keys(SHORT_NAMES), ...facts, 'sysctl:NAME'];
}

/**
 * Turns `KEY=VALUE` arguments into facts of a cluster that does not exist yet.
 * Add-ons that are not named are not there; kube-proxy is, unless `proxy-mode=none`.
 */
export function parseGivenFacts(words: readonly string[]): ParsedArguments {
  const given = new Map<string, Fact<unknown>>();
  const keys = new Set<string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals <= 0)
      return { ok: false, message: `"${word}" is not KEY=VALUE; keys are: ${preflightKeys().join(', ')}` };
    const key = word.slice(0, equals);
    const message = give(given, key, word.slice(equals + 1));
    if (message !== undefined) return { ok: false, message };
    keys.add(key);
  }
  tellKernelItsSystem(given, words);
  for (const product of PRODUCTS) {
    const present = product === 'kube-proxy' ? !words.includes('proxy-mode=none') : keys.has(product);
    given.set(givenKey('component.present', product), known(present, { file: 'what preflight was told' }));
  }
  return { ok: true, given };
}

function give(given: Map<string, Fact<unknown>>, key: string, value: string): string | undefined {
  const origin = { file: `${key}=${value}` };
  if (key.startsWith('sysctl:')) {
    given.set(key, known(value, origin));
    return undefined;
  }
  const ids = SHORT_NAMES[key] ?? [key];
  const definitions = ids.map(factById).filter((definition) => definition !== undefined);
  if (definitions.length === 0) return `unknown key "${key}"; keys are: ${preflightKeys().join(', ')}`;
  for (const definition of definitions) {
    const parsed = parseValue(definition, value);
    if (parsed === undefined) return `"${value}" makes no sense as ${definition.title} (in ${key}=${value})`;
    given.set(definition.id, known(parsed, origin));
  }
  return undefined;
}

function parseValue(definition: AnyFactDefinition, value: string): unknown {
  return definition.fromText?.(value);
}

/** The same release means different things in different distributions. */
function tellKernelItsSystem(given: Map<string, Fact<unknown>>, words: readonly string[]): void {
  const release = words.find((word) => word.startsWith('kernel='))?.slice('kernel='.length);
  const os = given.get(operatingSystem.id);
  if (release === undefined || os?.state !== 'known') return;
  const { id, versionId } = os.value as { id: string; versionId?: string };
  const hints: KernelHints = { osId: id, ...(versionId === undefined ? {} : { osVersionId: versionId }) };
  const parsed = parseKernelRelease(release, hints);
  if (parsed !== undefined) given.set(kernel.id, known(parsed, { file: `kernel=${release}` }));
}
