import type { Place } from '../../model/evidence.ts';
import { isFailureText } from '../failure-text.ts';
import type { Line } from '../lines.ts';
import type { ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';

/**
 * Lines longer than this are reported and skipped. The tools whose output is read line by line never come near it,
 * so such a line is damage, and splitting it into words would cost more memory than the rest of the file.
 */
export const LINE_LIMIT = 65_536;

/** The readable lines of a tool's output of at most {@link LINE_LIMIT} characters; longer ones become problems. */
export function* outputLinesOf(text: string, problems: ProblemLog): Generator<Line> {
  for (const line of readableLinesOf(text, problems)) {
    if (line.text.length <= LINE_LIMIT) yield line;
    else problems.add({ line: line.number }, `line of more than ${LINE_LIMIT} characters`, line.text);
  }
}

/** Reports text that does not fit; an error message of a tool or shell is called that. */
export function reject(problems: ProblemLog, place: Place, expected: string, text: string): void {
  problems.add(place, isFailureText(text) ? 'error message instead of output' : expected, text);
}

/** The words of a line, split at white space. */
export function wordsOf(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}

/** A decimal number without sign, or `undefined`. Counters above 2^53 lose their last digits. */
export function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}
