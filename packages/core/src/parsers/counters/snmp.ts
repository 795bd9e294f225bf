import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, wordsOf } from '../tool-output/index.ts';
import type { Counter, Counters } from './counter.ts';

/**
 * Reads `/proc/net/snmp` and `/proc/net/netstat`, whose lines come in pairs, and `/proc/net/snmp6`.
 *
 * ```text
 * Udp: InDatagrams NoPorts InErrors
 * Udp: 88542 120 0
 * Ip6InReceives                   	3
 * ```
 * gives `UdpInDatagrams` → `{ value: 88542, line: 2 }`, `UdpNoPorts`, `UdpInErrors`, `Ip6InReceives`: the names of `nstat`.
 */
export function parseProcNetSnmp(text: string): Parsed<Counters> {
  const problems = new ProblemLog();
  const counters = new Map<string, Counter>();
  let heading: { line: number; text: string; words: readonly string[] } | undefined;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const words = wordsOf(content);
    const [first = '', second = ''] = words;
    if (words.length === 2 && /^\w{1,80}$/.test(first) && isNumber(second)) {
      counters.set(first, { value: Number(second), line });
    } else if (
      heading === undefined &&
      /^\w{1,40}:$/.test(first) &&
      words.slice(1).every((word) => /^[A-Za-z]\w*$/.test(word))
    ) {
      heading = { line, text: content, words };
    } else if (
      heading !== undefined &&
      heading.words[0] === first &&
      readPair(counters, heading.words, words, line)
    ) {
      heading = undefined;
    } else {
      reject(problems, { line }, 'expected counter names, and their values on the next line', content);
      heading = undefined;
    }
  }
  if (heading !== undefined)
    problems.add({ line: heading.line }, 'counter names without values', heading.text);
  return { value: counters, problems: problems.list() };
}

function readPair(
  counters: Map<string, Counter>,
  names: readonly string[],
  values: readonly string[],
  line: number,
): boolean {
  if (names.length !== values.length || !values.slice(1).every(isNumber)) return false;
  const group = (names[0] ?? '').slice(0, -1);
  for (let at = 1; at < names.length; at++) {
    counters.set(`${group}${names[at]}`, { value: Number(values[at]), line });
  }
  return true;
}

function isNumber(word: string): boolean {
  return /^-?\d{1,20}$/.test(word);
}
