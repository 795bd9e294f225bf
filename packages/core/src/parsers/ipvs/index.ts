import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import type { IpvsTimeouts } from './types.ts';

export { parseIpvsList } from './list.ts';
export { parseIpvsSave } from './save.ts';
export type { Ipvs, IpvsServer, IpvsService, IpvsTimeouts } from './types.ts';

/**
 * Reads `ipvsadm --list --timeout`:
 *
 * ```text
 * Timeout (tcp tcpfin udp): 900 120 300   → { tcp: 900, tcpFin: 120, udp: 300, line: 1 }
 * ```
 */
export function parseIpvsTimeout(text: string): Parsed<IpvsTimeouts | undefined> {
  const problems = new ProblemLog();
  let value: IpvsTimeouts | undefined;
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    const match = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)\s*$/.exec(content);
    if (match === null) problems.add({ line }, 'expected "Timeout (tcp tcpfin udp): …"', content);
    else value = { tcp: Number(match[1]), tcpFin: Number(match[2]), udp: Number(match[3]), line };
  }
  return { value, problems: problems.list() };
}
