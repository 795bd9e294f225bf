import type { Family } from '../../net/address.ts';
import { ipsetSaveProbe, ipvsListProbe, ipvsSaveProbe } from '../../probes/firewall.ts';
import {
  bridgeFdbProbe,
  ip6NeighProbe,
  ip6RouteProbe,
  ip6RuleProbe,
  ipAddrProbe,
  ipLinkProbe,
  ipNeighProbe,
  ipRouteProbe,
  ipRuleProbe,
} from '../../probes/network.ts';
import type { Probe } from '../../probes/probe.ts';
import { sysctlProbe } from '../../probes/system.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import type { Collected, NamespaceEvidence } from './namespace-evidence.ts';

/** What tells who is on a link. */
const STATION_PROBES: readonly Probe[] = [ipLinkProbe, ipAddrProbe];

const FAMILY_PROBES: Readonly<Record<Family, readonly Probe[]>> = {
  4: [ipRouteProbe, ipRuleProbe, ipNeighProbe],
  6: [ip6RouteProbe, ip6RuleProbe, ip6NeighProbe],
};

const OTHER_PROBES: readonly Probe[] = [
  bridgeFdbProbe,
  sysctlProbe,
  ipsetSaveProbe,
  ipvsSaveProbe,
  ipvsListProbe,
];

/** Every namespace has an interface and rules of its own from the start. */
const NEVER_EMPTY: readonly Probe[] = [ipLinkProbe, ipAddrProbe, ipRuleProbe];

/**
 * Files that packets of a family go by in a namespace and that are cut or damaged. Dumps of packet filter rules are not among
 * them: what rules that are missing could do is tried.
 */
export function damageOf(evidence: NamespaceEvidence, family: Family): readonly UnsurePoint[] {
  return [...STATION_PROBES, ...FAMILY_PROBES[family], ...OTHER_PROBES].flatMap((probe) =>
    damagePoint(evidence, probe),
  );
}

/** The same of the files that tell who is on a link. */
export function stationDamageOf(evidence: NamespaceEvidence): readonly UnsurePoint[] {
  return STATION_PROBES.flatMap((probe) => damagePoint(evidence, probe));
}

function damagePoint(evidence: NamespaceEvidence, probe: Probe): readonly UnsurePoint[] {
  const read = evidence.read(probe);
  if (read === undefined) return [];
  const text = damageIn(read, probe);
  return text === undefined ? [] : [{ file: read.file, text, isMissing: true }];
}

function damageIn({ value, complete, endsMidLine }: Collected<unknown>, probe: Probe): string | undefined {
  if (!complete) return 'cut or damaged: parts may be missing';
  if (endsMidLine) return 'the last line has no end, so the file may be cut';
  const isEmpty = Array.isArray(value) && value.length === 0;
  return isEmpty && NEVER_EMPTY.includes(probe) ? 'empty, which it can not have been' : undefined;
}
