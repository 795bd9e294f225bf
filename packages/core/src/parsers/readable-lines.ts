import { type Line, linesOf } from './lines.ts';
import type { ProblemLog } from './parsed.ts';

/**
 * The lines of a text that hold something: blank lines are left out, and a line with NUL bytes (a binary file, or a
 * file that was damaged by a crash) becomes a problem.
 */
export function* readableLinesOf(text: string, problems: ProblemLog): Generator<Line> {
  for (const line of linesOf(text)) {
    if (line.text.includes('\0')) problems.add({ line: line.number }, 'NUL bytes in the line', line.text);
    else if (line.text.trim() !== '') yield line;
  }
}
