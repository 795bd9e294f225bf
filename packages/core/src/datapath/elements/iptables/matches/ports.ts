import { PROTOCOL } from '../../../../net/protocol.ts';
import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import { negate, type TestResult } from '../../../firewall/verdict.ts';
import { hasPortIn } from '../../ports.ts';
import { type Match, matchByOption, type Test } from '../match.ts';
import { readPorts } from '../values.ts';

/** Bits of the TCP header (include/uapi/linux/tcp.h). */
const FLAGS: Readonly<Record<string, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 };

/** `-m tcp`, `-m udp`, `-m sctp`, `-m dccp` (net/netfilter/xt_tcpudp.c, xt_sctp.c). */
export const transport: Match = matchByOption(['tcp', 'udp', 'sctp', 'dccp', 'udplite'], (option) => {
  if (option.name === 'tcp-flags') return flagsTest(option);
  if (option.name === 'syn') return flagsTest({ ...option, values: ['FIN,SYN,RST,ACK', 'SYN'] });
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

function flagsTest({ values: [mask = '', wanted = ''], negated }: RuleOption): Test | undefined {
  const looked = flagsOf(mask);
  const set = flagsOf(wanted);
  if (looked === undefined || set === undefined) return undefined;
  return ({ packet: { protocol, tcpFlags = 0 } }) =>
    protocol === PROTOCOL.tcp && ((tcpFlags & looked) === set) !== negated;
}

/** The bits of `SYN,ACK`, `ALL` or `NONE`; undefined for names that TCP does not have. */
function flagsOf(text: string): number | undefined {
  if (text === 'NONE') return 0;
  const names = text === 'ALL' ? Object.keys(FLAGS) : text.split(',');
  const bits = names.map((name) => (Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined));
  return bits.reduce((sum, bit) => (sum === undefined || bit === undefined ? undefined : sum | bit), 0);
}
