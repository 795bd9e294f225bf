import { joinWords } from '../shared/words.ts';

interface Borders {
  readonly mainline: string;
  readonly stable?: readonly string[];
  readonly introduced?: string;
  readonly lines?: Readonly<Record<string, unknown>>;
}

/** Where a kernel defect begins and ends: ` (from 4.18 to before 5.9, also fixed in 5.4.41; own borders for el8)`. */
export function kernelBorders({ mainline, stable = [], introduced, lines = {} }: Borders): string {
  const since = introduced === undefined ? '' : `from ${introduced} on, `;
  const also = stable.length === 0 ? '' : `, also in ${joinWords(stable)}`;
  const own = Object.keys(lines);
  const vendors = own.length === 0 ? '' : `; borders of their own: ${joinWords(own)}`;
  return ` (${since}fixed in ${mainline}${also}${vendors})`;
}
