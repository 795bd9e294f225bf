import { nftRulesetProbe } from '../../../probes/firewall.ts';
import type { Origin } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type Backend, iptablesDumps } from '../iptables-dumps/index.ts';

/** Which programs keep IPv4 rules in one back end of iptables, with the place of a chain of theirs. */
export interface RuleHome {
  readonly backend: Backend;
  readonly calico: Origin | undefined;
  readonly kubernetes: Origin | undefined;
  /** The chains by which kubelet shows which back end it uses, in the mangle table. */
  readonly kubeletHint: Origin | undefined;
  /** True where the whole back end was seen, so that no chain means there is none. */
  readonly complete: boolean;
  readonly file: string;
}

interface Chain {
  readonly table: string;
  readonly name: string;
  readonly origin: Origin;
}

const HINT = /^KUBE-(?:IPTABLES-HINT|KUBELET-CANARY)$/;

/** The back ends of which something was seen: iptables dumps, for nft also the tables of `nft list ruleset`. */
export function ruleHomes(read: Reader): readonly RuleHome[] {
  return [dumpHome(read, 'legacy'), dumpHome(read, 'nft') ?? rulesetHome(read)].filter(
    (home) => home !== undefined,
  );
}

function dumpHome(read: Reader, backend: Backend): RuleHome | undefined {
  const fact = read.fact(iptablesDumps);
  const dump =
    fact.state === 'known'
      ? fact.value.find((one) => one.family === 4 && one.backend === backend)
      : undefined;
  if (dump === undefined) return undefined;
  const chains = [...dump.save.tables.values()].flatMap(({ name: table, chains: all }) =>
    [...all.values()].map(({ name, line }): Chain => ({ table, name, origin: at(dump.file, { line }) })),
  );
  return homeOf(backend, chains, dump.complete, dump.file);
}

function rulesetHome(read: Reader): RuleHome | undefined {
  const probe = read.probe(nftRulesetProbe);
  if (probe.state === 'missing') return undefined;
  const tables = [...probe.value.tables.values()].filter(
    ({ family, name }) => family === 'ip' && ['raw', 'mangle', 'nat', 'filter'].includes(name),
  );
  const chains = tables.flatMap(({ name: table, chains: all }) =>
    [...all.values()].map((chain): Chain => ({ table, name: chain.name, origin: at(probe.file, chain) })),
  );
  return homeOf('nft', chains, probe.complete, probe.file);
}

function homeOf(backend: Backend, chains: readonly Chain[], complete: boolean, file: string): RuleHome {
  const first = (fits: (chain: Chain) => boolean) => chains.find(fits)?.origin;
  return {
    backend,
    calico: first(({ name }) => name.startsWith('cali-')),
    kubernetes: first(({ name }) => name.startsWith('KUBE-')),
    kubeletHint: first(({ table, name }) => table === 'mangle' && HINT.test(name)),
    complete,
    file,
  };
}
