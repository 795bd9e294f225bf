import { nftRulesetProbe } from '../../../probes/firewall.ts';
import { ipAddrProbe, ipLinkProbe } from '../../../probes/network.ts';
import type { Origin } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { isWhole } from './whole-dump.ts';

export type TracedMode = 'iptables' | 'ipvs' | 'nftables' | 'userspace';

/** Whether a node shows what kube-proxy leaves in one mode; `not-looked` where the evidence does not cover it. */
export interface ModeTrace {
  readonly mode: TracedMode;
  readonly state: 'seen' | 'absent' | 'not-looked';
  readonly origins: readonly Origin[];
}

/**
 * What each mode of kube-proxy leaves on a node: Service chains, `kube-ipvs0` and sets, its nftables table.
 * Traces of a mode that was left stay until `kube-proxy --cleanup` or a reboot.
 */
export function modeTraces(read: Reader): readonly ModeTrace[] {
  const dumps = read.fact(iptablesDumps);
  const known = dumps.state === 'known' ? dumps.value.filter(({ family }) => family === 4) : [];
  return [iptablesTrace(known), ipvsTrace(read, known), nftablesTrace(read), userspaceTrace(known)];
}

function iptablesTrace(dumps: readonly IptablesDump[]): ModeTrace {
  for (const dump of dumps) {
    for (const chain of dump.save.tables.get('nat')?.chains.values() ?? []) {
      if (chain.name.startsWith('KUBE-SVC-') && chain.rules.length > 0)
        return seen('iptables', at(dump.file, { line: chain.line }));
    }
  }
  return dumps.some(showsServices) ? absent('iptables', dumps) : notLooked('iptables');
}

/** A dump in which the rules of a running kube-proxy stand, whatever its mode writes there. */
function showsServices(dump: IptablesDump): boolean {
  return isWhole(dump) && (dump.save.tables.get('nat')?.chains.get('KUBE-SERVICES')?.rules.length ?? 0) > 0;
}

function ipvsTrace(read: Reader, dumps: readonly IptablesDump[]): ModeTrace {
  const links = read.probe(ipLinkProbe);
  const addresses = read.probe(ipAddrProbe);
  for (const probe of [links, addresses]) {
    const link = probe.state === 'read' ? probe.value.find(({ name }) => name === 'kube-ipvs0') : undefined;
    if (probe.state === 'read' && link !== undefined) return seen('ipvs', at(probe.file, link));
  }
  for (const dump of dumps) {
    const rules = dump.save.tables.get('nat')?.chains.get('KUBE-SERVICES')?.rules ?? [];
    const rule = rules.find(({ text }) => /--match-set KUBE-/.test(text));
    if (rule !== undefined) return seen('ipvs', at(dump.file, rule));
  }
  if (dumps.some(showsServices)) return absent('ipvs', dumps);
  const whole = [links, addresses].find((probe) => probe.state === 'read' && probe.complete);
  if (whole?.state !== 'read') return notLooked('ipvs');
  return { mode: 'ipvs', state: 'absent', origins: [at(whole.file, {})] };
}

function nftablesTrace(read: Reader): ModeTrace {
  const ruleset = read.probe(nftRulesetProbe);
  if (ruleset.state === 'missing') return notLooked('nftables');
  const table = ruleset.value.tables.get('ip kube-proxy') ?? ruleset.value.tables.get('ip6 kube-proxy');
  if (table !== undefined && table.chains.size > 0) return seen('nftables', at(ruleset.file, table));
  if (!ruleset.complete) return notLooked('nftables');
  return { mode: 'nftables', state: 'absent', origins: [at(ruleset.file, {})] };
}

function userspaceTrace(dumps: readonly IptablesDump[]): ModeTrace {
  for (const dump of dumps) {
    const chain = dump.save.tables.get('nat')?.chains.get('KUBE-PORTALS-CONTAINER');
    if (chain !== undefined && chain.rules.length > 0)
      return seen('userspace', at(dump.file, { line: chain.line }));
  }
  return dumps.some(showsServices) ? absent('userspace', dumps) : notLooked('userspace');
}

function seen(mode: TracedMode, origin: Origin): ModeTrace {
  return { mode, state: 'seen', origins: [origin] };
}

function absent(mode: TracedMode, dumps: readonly IptablesDump[]): ModeTrace {
  return { mode, state: 'absent', origins: dumps.map(({ file }) => at(file, {})) };
}

function notLooked(mode: TracedMode): ModeTrace {
  return { mode, state: 'not-looked', origins: [] };
}
