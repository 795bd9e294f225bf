import type { Place } from '../../model/evidence.ts';
import { linesOf } from '../lines.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';

/** One line of a log. */
export interface LogLine extends Place {
  readonly line: number;
  /** The time as printed; its form differs between logs. Absent when the line does not start with one. */
  readonly time?: string;
  /** The whole line as printed, its time included. */
  readonly text: string;
}

/**
 * The times at the start of a line, in this order: RFC 3339 and its relatives (container logs, `journalctl -o short-iso`,
 * Calico), syslog (`journalctl`), klog (`I1120 12:00:00.000001`), `dmesg` in seconds or with `-T`.
 */
const TIME = new RegExp(
  [
    String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`,
    String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}`,
    String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?`,
    String.raw`[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9}`,
    String.raw` {0,11}\d{1,11}\.\d{6}`,
  ]
    .map((form) => `(?:${form})`)
    .join('|'),
  'y',
);
/** `<6>` and `kern  :info  : ` of `dmesg --raw` and `dmesg --decode`, and the bracket before the seconds. */
const BEFORE_TIME = /^(?:<\d{1,3}>|[a-z]{2,10} *:[a-z]{2,10} *: ?)?\[?/;
const TIME_AT_MOST = 120;

/** The tool that should have read the log speaks of itself, or the shell or the API server in its place. */
const TOOL_FAILURE =
  /^(?:[\w./-]{0,100}(?:sh|journalctl|dmesg|kubectl|cat): |Error from server|error: |No journal files were found)/;

/** `-- Boot 3f… --`, `-- No entries --` and the like, which journalctl adds itself. */
const JOURNAL_REMARK = /^-- .{1,200} --$/;

/**
 * Reads `journal.txt`, `dmesg.txt` and container logs; nothing but the time is taken apart.
 *
 * ```text
 * Nov 20 12:00:00 n1 kubelet[812]: CNI plugin not initialized
 * [   12.345678] nf_conntrack: table full, dropping packet
 * ```
 * gives `{ line: 1, time: 'Nov 20 12:00:00', text: 'Nov 20 12:00:00 n1 kubelet[812]: …' }` and
 * `{ line: 2, time: '12.345678', text: '[   12.345678] nf_conntrack: …' }`.
 *
 * Blank lines and the remarks of journalctl are left out. A text that is nothing but the failure message of a tool is a
 * problem. NUL bytes, which a crash leaves in log files, are a problem and are taken out of the line.
 */
export function parseLog(text: string): Parsed<readonly LogLine[]> {
  const problems = new ProblemLog();
  const lines: LogLine[] = [];
  for (const { number, text: raw } of linesOf(text)) {
    const line = raw.includes('\0') ? raw.replaceAll('\0', '') : raw;
    if (line !== raw) problems.add({ line: number }, 'NUL bytes in the line', line);
    if (line.trim() === '' || JOURNAL_REMARK.test(line)) continue;
    const time = timeOf(line);
    lines.push(time === undefined ? { line: number, text: line } : { line: number, time, text: line });
  }
  const [first] = lines;
  if (first !== undefined && lines.length <= 3 && lines.every(isToolFailure)) {
    problems.add({ line: first.line }, 'expected a log, found the failure message of a tool', first.text);
    return { value: [], problems: problems.list() };
  }
  return { value: lines, problems: problems.list() };
}

function timeOf(line: string): string | undefined {
  const start = line.slice(0, TIME_AT_MOST);
  TIME.lastIndex = BEFORE_TIME.exec(start)?.[0].length ?? 0;
  return TIME.exec(start)?.[0].trimStart();
}

function isToolFailure({ time, text }: LogLine): boolean {
  return time === undefined && TOOL_FAILURE.test(text);
}
