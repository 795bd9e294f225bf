import type { ExitCode } from '../exit-codes.ts';
import { loadSource } from '../load-source.ts';
import { reportOn } from '../make-report.ts';
import type { LimitOptions, ReportOptions } from '../options.ts';
import { messagesFor } from '../terminal.ts';

/** `netvet scan SOURCE` */
export async function scan(source: string, options: ReportOptions & LimitOptions): Promise<ExitCode> {
  return await reportOn(await loadSource(source, options, messagesFor(options)), options);
}
