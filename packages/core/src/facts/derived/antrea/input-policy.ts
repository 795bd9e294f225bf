import type { IptablesChain, IptablesRule, IptablesTable } from '../../../parsers/iptables-save/index.ts';
import { isBefore18 } from '../../../parsers/iptables-version/index.ts';
import { iptablesVersionProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { gateway } from './gateway.ts';
import { inRange } from './ipv4-range.ts';

interface DroppingInput {
  readonly dump: IptablesDump;
  readonly table: IptablesTable;
  readonly chain: IptablesChain;
}

function ipv4Dumps(read: Reader): readonly IptablesDump[] {
  const fact = read.fact(iptablesDumps);
  return fact.state === 'known' ? fact.value.filter(({ family }) => family === 4) : [];
}

function droppingInputs(dumps: readonly IptablesDump[]): readonly DroppingInput[] {
  return dumps.flatMap((dump) => {
    const table = dump.save.tables.get('filter');
    const chain = table?.chains.get('INPUT');
    return table !== undefined && chain?.policy === 'DROP' ? [{ dump, table, chain }] : [];
  });
}

/** Policy of the INPUT chain for IPv4; `DROP` as soon as one back end has it, as both are evaluated. */
export const inputPolicy: FactDefinition<string> = {
  id: 'antrea.input-policy',
  title: 'policy of the INPUT chain',
  level: 'node',
  fromText: (text) => text.toUpperCase(),
  compute(read) {
    const dumps = ipv4Dumps(read);
    const dropping = droppingInputs(dumps);
    if (dropping.length > 0) {
      return known('DROP', ...dropping.map(({ dump, chain }) => at(dump.file, { line: chain.line })));
    }
    const origins = dumps.map(policyPlace);
    if (isSettled(read, dumps)) return known('ACCEPT', ...origins);
    return unknown(
      ...(['legacy', 'nft'] as const).map((backend) => ({
        fact: `INPUT policy in the ${backend} back end`,
        command: `iptables-${backend}-save -c`,
        where: 'node',
      })),
    );
  },
};

/** Whether the policy of a dropping INPUT chain has dropped packets; a rule set that was only just restored counts none. */
export const inputDrops: FactDefinition<boolean> = {
  id: 'antrea.input-drops',
  title: 'packets dropped by the policy of INPUT',
  level: 'node',
  compute(read) {
    const policy = read.fact(inputPolicy);
    if (policy.state === 'unknown') return policy;
    const dropping = droppingInputs(ipv4Dumps(read));
    const counting = dropping.filter(({ chain }) => (chain.packets ?? 0) > 0);
    const places = (counting.length > 0 ? counting : dropping).map(({ dump, chain }) =>
      at(dump.file, { line: chain.line }),
    );
    return known(counting.length > 0, ...places, from(inputPolicy));
  },
};

function policyPlace({ save, file }: IptablesDump): Origin {
  const chain = save.tables.get('filter')?.chains.get('INPUT');
  return at(file, chain === undefined ? {} : { line: chain.line });
}

function isSettled(read: Reader, dumps: readonly IptablesDump[]): boolean {
  const whole = new Set(dumps.filter(({ complete }) => complete).map(({ backend }) => backend));
  if (whole.has('legacy') && whole.has('nft')) return true;
  const version = read.probe(iptablesVersionProbe);
  const text = version.state === 'read' ? version.value?.version : undefined;
  return whole.has('legacy') && text !== undefined && isBefore18(text);
}

/** Whether every INPUT chain that drops by policy has a rule that lets packets from the gateway interface in. */
export const gatewayAccepted: FactDefinition<boolean> = {
  id: 'antrea.gateway-accepted',
  title: 'INPUT accepts the gateway interface',
  level: 'node',
  compute(read) {
    const name = read.fact(gateway);
    if (name.state === 'unknown') return name;
    const traffic = { device: name.value, ranges: podRanges(read) };
    const found = droppingInputs(ipv4Dumps(read)).map(({ dump, table, chain }) => ({
      dump,
      chain,
      accept: acceptIn(table, chain, traffic, new Set()),
    }));
    const shut = found.filter(({ accept }) => accept?.sure !== true);
    if (shut.length === 0) {
      return known(true, ...found.map(({ dump, accept, chain }) => at(dump.file, accept?.rule ?? chain)));
    }
    if (shut.some(({ dump, accept }) => !dump.complete || accept !== undefined)) {
      return unknown(
        { fact: 'whole INPUT chain', command: 'iptables-save -c', where: 'node' },
        { fact: 'pod range of the node', command: 'kubectl get nodes -o json' },
      );
    }
    return known(false, from(gateway), ...shut.map(({ dump, chain }) => at(dump.file, { line: chain.line })));
  },
};

/** What comes in by the gateway: packets of the pods of this node. */
interface GatewayTraffic {
  readonly device: string;
  /** Pod ranges of the node; empty where they are not known. */
  readonly ranges: readonly string[];
}

/** A rule that accepts the traffic; not `sure` where that depends on pod ranges nobody knows. */
interface Accept {
  readonly rule: IptablesRule;
  readonly sure: boolean;
}

function podRanges(read: Reader): readonly string[] {
  const spec = read.nodeObject()?.object.spec as
    | { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] }
    | undefined;
  return (spec?.podCIDRs ?? [spec?.podCIDR ?? '']).filter((range) => /^\d+\./.test(range));
}

/** The first rule that accepts the traffic, in the chain or in one it jumps to; one that is sure before others. */
function acceptIn(
  table: IptablesTable,
  chain: IptablesChain,
  traffic: GatewayTraffic,
  seen: Set<string>,
): Accept | undefined {
  if (seen.has(chain.name)) return undefined;
  seen.add(chain.name);
  let possible: Accept | undefined;
  for (const rule of chain.rules) {
    const takes = rule.target === undefined ? false : takesAll(rule, traffic);
    if (rule.target === undefined || takes === false) continue;
    const next = table.chains.get(rule.target);
    const inside = next === undefined ? undefined : acceptIn(table, next, traffic, seen);
    const accept = rule.target === 'ACCEPT' ? { rule, sure: takes === true } : inside;
    if (accept?.sure === true && takes === true) return accept;
    if (accept !== undefined) possible ??= { rule: accept.rule, sure: false };
  }
  return possible;
}

const HARMLESS = new Set(['jump', 'goto', 'match', 'comment', 'set-counters']);

/** Whether a rule takes every new connection of the traffic; undefined where its source cannot be judged. */
function takesAll(rule: IptablesRule, { device, ranges }: GatewayTraffic): boolean | undefined {
  if (rule.isPartlyShown) return false;
  let result: boolean | undefined = true;
  for (const { name, negated, values } of rule.options) {
    const [value = ''] = values;
    if (HARMLESS.has(name)) continue;
    if (name === 'in-interface' && fits(value, device) !== negated) continue;
    if ((name === 'ctstate' || name === 'state') && !negated && value.split(',').includes('NEW')) continue;
    if (name !== 'source' || negated) return false;
    if (ranges.length === 0) result = undefined;
    else if (!ranges.every((range) => covers(value, range))) return false;
  }
  return result;
}

function covers(source: string, range: string): boolean {
  const [base = '', length = '32'] = range.split('/');
  return Number(source.split('/')[1] ?? '32') <= Number(length) && inRange(source, base);
}

function fits(pattern: string, device: string): boolean {
  return pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : pattern === device;
}
