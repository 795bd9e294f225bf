import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, toCount, wordsOf } from '../tool-output/index.ts';

/** Counters of an interface in `/proc/net/dev`. */
export interface InterfaceCounters extends Place {
  readonly name: string;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  readonly receiveErrors: number;
  readonly receiveDropped: number;
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly sendErrors: number;
  readonly sendDropped: number;
}

/** Receive and transmit have 8 columns each: bytes packets errs drop fifo, then some that differ. */
const COLUMNS = 16;
const SENT = 8;

/**
 * Reads `/proc/net/dev`.
 *
 * ```text
 * Inter-|   Receive                                                |  Transmit
 *  face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
 *   eth0:  115370     451    0    0    0     0          0         0    20116     162    0    0    0     0       0          0
 * ```
 * gives `eth0` → `{ receivedBytes: 115370, receivedPackets: 451, …, sentBytes: 20116, …, line: 3 }`.
 */
export function parseNetDev(text: string): Parsed<ReadonlyMap<string, InterfaceCounters>> {
  const problems = new ProblemLog();
  const interfaces = new Map<string, InterfaceCounters>();
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    if (content.includes('|')) continue;
    const counters = readInterface(content, line);
    if (counters === undefined)
      reject(problems, { line }, `expected an interface and ${COLUMNS} counters`, content);
    else interfaces.set(counters.name, counters);
  }
  return { value: interfaces, problems: problems.list() };
}

function readInterface(text: string, line: number): InterfaceCounters | undefined {
  const colon = text.lastIndexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const values = wordsOf(text.slice(colon + 1)).flatMap((word) => toCount(word) ?? []);
  const [receivedBytes, receivedPackets, receiveErrors, receiveDropped] = values;
  const [sentBytes, sentPackets, sendErrors, sendDropped] = values.slice(SENT);
  if (name === '' || /\s/.test(name) || values.length !== COLUMNS) return undefined;
  if (receivedBytes === undefined || receivedPackets === undefined || receiveErrors === undefined)
    return undefined;
  if (receiveDropped === undefined || sentBytes === undefined || sentPackets === undefined) return undefined;
  if (sendErrors === undefined || sendDropped === undefined) return undefined;
  return {
    line,
    name,
    receivedBytes,
    receivedPackets,
    receiveErrors,
    receiveDropped,
    sentBytes,
    sentPackets,
    sendErrors,
    sendDropped,
  };
}
