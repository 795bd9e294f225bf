import { isMap, isPair, isScalar, isSeq } from 'yaml';
import type { ProblemLog } from '../parsed.ts';

/** Adds a problem for each key that stands twice in one mapping: readers differ in which of the two counts. */
export function reportRepeatedKeys(
  root: unknown,
  lineOfOffset: (offset: number) => number,
  problems: ProblemLog,
): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      open.push(pair.value);
      if (!isScalar(pair.key)) continue;
      const key = String(pair.key.value);
      // Several merges in one mapping are usual.
      if (seen.has(key) && key !== '<<') {
        const offset = pair.key.range?.[0];
        problems.add(
          offset === undefined ? {} : { line: lineOfOffset(offset) },
          `the key "${key}" stands twice`,
        );
      }
      seen.add(key);
    }
  }
}
