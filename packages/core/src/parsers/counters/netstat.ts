import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, toCount } from '../tool-output/index.ts';

/** A line of `netstat -s`. */
export interface NetstatCounter extends Place {
  /** The group it stands in: `Ip`, `Udp`, `TcpExt` … */
  readonly section: string;
  /** The line without its number, for example `packet receive errors`. */
  readonly description: string;
  readonly value: number;
  /** The name `nstat` gives the counter, where it is known: `UdpInErrors`. */
  readonly name?: string;
}

/** Wordings of net-tools for counters that matter here; the two spellings of retransmitted are both in use. */
const NAMES: Readonly<Record<string, string>> = {
  'Ip: total packets received': 'IpInReceives',
  'Ip: forwarded': 'IpForwDatagrams',
  'Ip: incoming packets discarded': 'IpInDiscards',
  'Ip: incoming packets delivered': 'IpInDelivers',
  'Ip: requests sent out': 'IpOutRequests',
  'Ip: outgoing packets dropped': 'IpOutDiscards',
  'Ip: dropped because of missing route': 'IpOutNoRoutes',
  'Ip: with invalid headers': 'IpInHdrErrors',
  'Ip: with invalid addresses': 'IpInAddrErrors',
  'Ip: packet reassembles failed': 'IpReasmFails',
  'Ip: packet reassemblies failed': 'IpReasmFails',
  'Ip: fragments failed': 'IpFragFails',
  'Ip: fragments created': 'IpFragCreates',
  'Ip: fragments received ok': 'IpFragOKs',
  'Tcp: active connections openings': 'TcpActiveOpens',
  'Tcp: active connection openings': 'TcpActiveOpens',
  'Tcp: passive connection openings': 'TcpPassiveOpens',
  'Tcp: failed connection attempts': 'TcpAttemptFails',
  'Tcp: connection resets received': 'TcpEstabResets',
  'Tcp: connections established': 'TcpCurrEstab',
  'Tcp: segments received': 'TcpInSegs',
  'Tcp: segments send out': 'TcpOutSegs',
  'Tcp: segments sent out': 'TcpOutSegs',
  'Tcp: segments retransmited': 'TcpRetransSegs',
  'Tcp: segments retransmitted': 'TcpRetransSegs',
  'Tcp: bad segments received': 'TcpInErrs',
  'Tcp: resets sent': 'TcpOutRsts',
  'Udp: packets received': 'UdpInDatagrams',
  'Udp: packets to unknown port received': 'UdpNoPorts',
  'Udp: packet receive errors': 'UdpInErrors',
  'Udp: packets sent': 'UdpOutDatagrams',
  'Udp: receive buffer errors': 'UdpRcvbufErrors',
  'Udp: send buffer errors': 'UdpSndbufErrors',
  'TcpExt: SYNs to LISTEN sockets dropped': 'TcpExtListenDrops',
  'TcpExt: SYNs to LISTEN sockets ignored': 'TcpExtListenDrops',
  'TcpExt: times the listen queue of a socket overflowed': 'TcpExtListenOverflows',
  'TcpExt: passive connections rejected because of time stamp': 'TcpExtPAWSPassive',
  'TcpExt: active connections rejected because of time stamp': 'TcpExtPAWSActive',
  'TcpExt: packets rejects in established connections because of timestamp': 'TcpExtPAWSEstab',
  'TcpExt: packets rejected in established connections because of timestamp': 'TcpExtPAWSEstab',
};

/**
 * Reads `netstat -s`.
 *
 * ```text
 * Udp:
 *     4901 packets received
 *     InCsumErrors: 2
 * ```
 * gives `{ section: 'Udp', description: 'packets received', value: 4901, name: 'UdpInDatagrams', line: 2 }` and
 * `{ section: 'Udp', description: 'InCsumErrors', value: 2, name: 'UdpInCsumErrors', line: 3 }`.
 * A counter that is zero is not always printed.
 */
export function parseNetstat(text: string): Parsed<readonly NetstatCounter[]> {
  const problems = new ProblemLog();
  const counters: NetstatCounter[] = [];
  let section: string | undefined;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const heading = /^(\w{1,40}):\s*$/.exec(content)?.[1];
    if (heading !== undefined) section = heading;
    else if (/^\s+[A-Za-z][\w ]{1,80}:\s*$/.test(content))
      continue; // "ICMP input histogram:"
    else {
      const counter = section === undefined ? undefined : readCounter(section, content.trim(), line);
      if (counter !== undefined) counters.push(counter);
      else if (!isSetting(content))
        reject(problems, { line }, 'expected a number and what it counts', content);
    }
  }
  return { value: counters, problems: problems.list() };
}

/** `Forwarding: 1` is read as a counter; `Forwarding is enabled` and `RTO algorithm is other` have no number. */
function isSetting(text: string): boolean {
  return /^\s+(?:Forwarding is |RTO algorithm is )\w/i.test(text);
}

function readCounter(section: string, text: string, line: number): NetstatCounter | undefined {
  const named = /^([\w ]{1,80}): (\d{1,20})$/.exec(text);
  if (named !== null) {
    const [, description = '', digits] = named;
    const isCounterName = /^[A-Z]\w*$/.test(description);
    return make(section, description, digits, line, isCounterName ? `${section}${description}` : undefined);
  }
  const [, before = '', digits, after = ''] = /^(\D{0,120}?)(\d{1,20})( .{1,160})$/.exec(text) ?? [];
  if (digits === undefined || (before !== '' && !before.endsWith(' '))) return undefined;
  const description = `${before.trim()} ${after.trim()}`.trim().replace(/\.$/, '');
  const key = `${section}: ${description}`;
  return make(section, description, digits, line, Object.hasOwn(NAMES, key) ? NAMES[key] : undefined);
}

function make(
  section: string,
  description: string,
  digits: string | undefined,
  line: number,
  name: string | undefined,
): NetstatCounter | undefined {
  const value = toCount(digits);
  if (value === undefined) return undefined;
  return { line, section, description, value, ...(name === undefined ? {} : { name }) };
}
