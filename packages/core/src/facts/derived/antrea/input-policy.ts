import type { IptablesChain, IptablesRule, IptablesTable } from '../../../parsers/iptables-save/index.ts';
import { isBefore18 } from '../../../parsers/iptables-version/index.ts';
import { iptablesVersionProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { gateway } from './gateway.ts';

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
    const found = droppingInputs(ipv4Dumps(read)).map(({ dump, table, chain }) => ({
      dump,
      chain,
      rule: acceptIn(table, chain, name.value, new Set()),
    }));
    const shut = found.filter(({ rule }) => rule === undefined);
    if (shut.length === 0) {
      return known(true, ...found.map(({ dump, rule, chain }) => at(dump.file, rule ?? chain)));
    }
    if (shut.some(({ dump }) => !dump.complete)) {
      return unknown({ fact: 'whole INPUT chain', command: 'iptables-save -c', where: 'node' });
    }
    return known(false, from(gateway), ...shut.map(({ dump, chain }) => at(dump.file, { line: chain.line })));
  },
};

/** The first rule on the way of any packet from the interface that accepts it, in the chain or in one it jumps to. */
function acceptIn(
  table: IptablesTable,
  chain: IptablesChain,
  device: string,
  seen: Set<string>,
): IptablesRule | undefined {
  if (seen.has(chain.name)) return undefined;
  seen.add(chain.name);
  for (const rule of chain.rules) {
    if (rule.target === undefined || !takesAllFrom(rule, device)) continue;
    if (rule.target === 'ACCEPT') return rule;
    const next = table.chains.get(rule.target);
    const inside = next === undefined ? undefined : acceptIn(table, next, device, seen);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

const HARMLESS = new Set(['jump', 'goto', 'match', 'comment', 'set-counters']);

/** Whether a rule takes every packet that comes in by the device: it asks for nothing else. */
function takesAllFrom(rule: IptablesRule, device: string): boolean {
  if (rule.isPartlyShown) return false;
  return rule.options.every(({ name, negated, values }) => {
    if (HARMLESS.has(name)) return true;
    if (name !== 'in-interface') return false;
    return fits(values[0] ?? '', device) !== negated;
  });
}

function fits(pattern: string, device: string): boolean {
  return pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : pattern === device;
}
