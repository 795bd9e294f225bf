import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, toCount } from '../tool-output/index.ts';
import type { Counter, Counters } from './counter.ts';

/**
 * Reads `nstat`, with `-az` for all counters since boot.
 *
 * ```text
 * #kernel
 * UdpInCsumErrors                 63                 0.0
 * ```
 * gives `UdpInCsumErrors` → `{ value: 63, line: 2 }`. Without `-a` nstat prints the change since it was last called,
 * and without `-z` it leaves out counters that are zero: an absent name is not zero.
 */
export function parseNstat(text: string): Parsed<Counters> {
  const problems = new ProblemLog();
  const counters = new Map<string, Counter>();
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    if (content.startsWith('#')) continue;
    const [, name, digits] = /^([A-Za-z]\w{0,79})\s+(\d{1,20})(?:\s+[\d.]{1,20})?\s*$/.exec(content) ?? [];
    const value = toCount(digits);
    if (name === undefined || value === undefined)
      reject(problems, { line }, 'expected a counter and its value', content);
    else if (counters.has(name)) problems.add({ line }, 'counter printed twice', content);
    else counters.set(name, { value, line });
  }
  return { value: counters, problems: problems.list() };
}
