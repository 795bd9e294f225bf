import { parseRange, rangeContains, type Version, type VersionRange } from '../../../versions/index.ts';
import { type Fact, type FactDefinition, from, known, knownUncertain } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { type ComponentVersion, versionOf } from '../components/versions.ts';
import { felixSetting } from './felix-setting.ts';
import { outerPacketRules } from './nat-chains.ts';

/** Calico's jump stands in front of kube-proxy's up to 3.28.1, so kube-proxy never clears its mark. */
const CALICO_FIRST = range('<3.28.2');
/** kube-proxy that leaves its mark on the packet. */
const KEEPS_MARK = range('<1.16.13 || >=1.17.0 <1.17.9 || >=1.18.0 <1.18.6');

/**
 * Whether the outer packet of a VXLAN tunnel can be masqueraded because kube-proxy's mark is still on it.
 * The rules of the node decide; where they were not collected, the order in which the release writes them.
 */
export const outerNat: FactDefinition<boolean> = {
  id: 'calico.outer-nat',
  title: 'NAT of the outer VXLAN packet',
  level: 'node',
  compute(read) {
    // With the eBPF data plane Services are not kube-proxy's, so nothing marks the packet.
    const ebpf = read.fact(felixSetting, 'bpfEnabled');
    if (ebpf.state === 'known' && ebpf.value?.toLowerCase() === 'true') {
      return known(false, from(felixSetting, 'bpfEnabled'));
    }
    const port = read.fact(felixSetting, 'vxlanPort');
    const rules = outerPacketRules(read, (port.state === 'known' ? port.value : null) ?? '4789');
    if (rules.untracked !== undefined) return known(false, rules.untracked);
    const { order, clearsMark } = rules;
    if (clearsMark?.value === false) return known(true, clearsMark.origin);
    if (order?.first === 'calico') return known(true, ...order.origins);
    if (order?.first === 'kube-proxy' && clearsMark !== undefined) {
      return known(false, ...order.origins, clearsMark.origin);
    }
    return byRelease(read);
  },
};

function byRelease(read: Reader): Fact<boolean> {
  const calico = versionFact('calico-node');
  const release = read.fact(calico);
  if (release.state === 'unknown') return { state: 'unknown', missing: [...release.missing, RULES] };
  const { version } = release.value;
  const first = rangeContains(CALICO_FIRST, version);
  if (first.answer === 'out') return laterRelease(read, version, calico);
  const insertion = read.fact(felixSetting, 'chainInsertMode');
  const appended = insertion.state === 'known' && insertion.value?.toLowerCase() === 'append';
  if (appended) return laterRelease(read, version, calico);
  return first.answer === 'in' ? known(true, from(calico)) : knownUncertain(true, first.reason, from(calico));
}

const UNTRACKED = range('>=3.29.0');

/** Calico's rules come last, and from 3.29.0 on VXLAN is not tracked at all: only an old kube-proxy matters. */
function laterRelease(read: Reader, version: Version, calico: ReturnType<typeof versionFact>): Fact<boolean> {
  if (rangeContains(UNTRACKED, version).answer !== 'out') return known(false, from(calico));
  const proxy = versionFact('kube-proxy');
  const release = read.fact(proxy);
  const keeps =
    release.state === 'known' && rangeContains(KEEPS_MARK, release.value.version).answer !== 'out';
  return keeps ? known(true, from(calico), from(proxy)) : known(false, from(calico));
}

const RULES = { fact: 'iptables rules of the nat and raw tables', command: 'iptables-save', where: 'node' };

function versionFact(component: string): FactDefinition<ComponentVersion> {
  const definition = versionOf(component);
  if (definition === undefined) throw new Error(`${component} has no version fact`);
  return definition;
}

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(`range ${text}: ${parsed.reason}`);
  return parsed.range;
}
