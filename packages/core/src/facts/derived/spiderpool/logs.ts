import type { Origin } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import type { Program } from './workloads.ts';

/** A line of a container log. */
export interface LoggedLine {
  readonly text: string;
  readonly origin: Origin;
  /** The lines after it, for stack traces. */
  readonly following: readonly string[];
}

/** Lines kept from each log. */
const LINE_LIMIT = 20;
/** A Go stack trace of the panicking goroutine is shorter than this. */
const TRACE_LINES = 60;

/** True where a log of the program was collected. */
export function hasLogs(read: Reader, program: Program): boolean {
  return logsOf(read, program).length > 0;
}

function logsOf(read: Reader, program: Program) {
  const name = `spiderpool-${program}`;
  return read.logs().filter(({ container, pod }) => container === name || pod.startsWith(`${name}-`));
}

/** Lines that match in the logs of a program; `pods` restricts them to pods of that name (`namespace/name`). */
export function linesOf(
  read: Reader,
  program: Program,
  pattern: RegExp,
  pods?: ReadonlySet<string>,
): readonly LoggedLine[] {
  const chosen = logsOf(read, program).filter(
    ({ namespace, pod }) => pods === undefined || pods.has(`${namespace}/${pod}`),
  );
  return chosen.flatMap(({ text, file }) => {
    if (!pattern.test(text)) return [];
    const lines = text.split('\n');
    const found: LoggedLine[] = [];
    for (const [index, line] of lines.entries()) {
      if (found.length === LINE_LIMIT) break;
      if (!pattern.test(line)) continue;
      const following = lines.slice(index + 1, index + 1 + TRACE_LINES);
      found.push({ text: line.trim().slice(0, 400), origin: { file, line: index + 1 }, following });
    }
    return found;
  });
}
