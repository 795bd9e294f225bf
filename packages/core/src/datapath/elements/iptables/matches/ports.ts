import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import { negate, type TestResult } from '../../../firewall/verdict.ts';
import { hasPortIn } from '../../ports.ts';
import { constant, type Match, matchByOption, type Test } from '../match.ts';
import { readPorts } from '../values.ts';

/** Flags of the first packet of a TCP connection, and of later ones. */
const FLAGS_NEW: ReadonlySet<string> = new Set(['SYN']);
const FLAGS_LATER: ReadonlySet<string> = new Set(['ACK']);

/** `-m tcp`, `-m udp`, `-m sctp`, `-m dccp` (net/netfilter/xt_tcpudp.c, xt_sctp.c). */
export const transport: Match = matchByOption(['tcp', 'udp', 'sctp', 'dccp', 'udplite'], (option) => {
  if (option.name === 'tcp-flags') return flagsTest(option);
  if (option.name === 'syn') return syn(option.negated);
  return portTest(option);
});

/** `-m multiport` (net/netfilter/xt_multiport.c). */
export const multiport: Match = matchByOption(['multiport'], portTest);

/** `--dport 80`, `--sports 80,443`, `--ports 53` */
export function portTest(option: RuleOption): Test | undefined {
  const ranges = readPorts(option.values[0]);
  if (ranges === undefined) return undefined;
  const which = WHICH.get(option.name);
  if (which === undefined) return undefined;
  const sign = (result: TestResult): TestResult => (option.negated ? negate(result) : result);
  return ({ packet }) => {
    if (which !== 'both') return sign(hasPortIn(packet, which, ranges));
    const destination = hasPortIn(packet, 'destinationPort', ranges);
    return sign(destination === true ? true : hasPortIn(packet, 'sourcePort', ranges));
  };
}

const WHICH: ReadonlyMap<string, 'sourcePort' | 'destinationPort' | 'both'> = new Map([
  ['sport', 'sourcePort'],
  ['sports', 'sourcePort'],
  ['dport', 'destinationPort'],
  ['dports', 'destinationPort'],
  ['port', 'both'],
  ['ports', 'both'],
]);

function syn(negated: boolean): Test {
  return ({ connection }) => (isFirst(connection) ? !negated : negated);
}

function flagsTest({ values: [mask = '', wanted = ''], negated }: RuleOption): Test {
  const looked = flagsOf(mask);
  const set = flagsOf(wanted);
  if (looked.size === 0) return constant(!negated);
  return ({ connection }) => {
    const flags = isFirst(connection) ? FLAGS_NEW : FLAGS_LATER;
    const isEqual = [...looked].every((flag) => flags.has(flag) === set.has(flag));
    return isEqual !== negated;
  };
}

function isFirst(connection: { readonly state: string; readonly direction: string }): boolean {
  return connection.state === 'new' && connection.direction === 'original';
}

function flagsOf(text: string): ReadonlySet<string> {
  if (text === 'ALL') return new Set(['SYN', 'ACK', 'FIN', 'RST', 'URG', 'PSH']);
  return new Set(text === 'NONE' ? [] : text.split(','));
}
