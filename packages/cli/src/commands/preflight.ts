import { parseGivenFacts } from '@netvet/core';
import { type ExitCode, UsageError } from '../exit-codes.ts';
import { reportOn } from '../make-report.ts';
import type { ReportOptions } from '../options.ts';

/** `netvet preflight KEY=VALUE…`: evaluates facts that were typed instead of collected. */
export async function preflight(words: readonly string[], options: ReportOptions): Promise<ExitCode> {
  const parsed = parseGivenFacts(words);
  if (!parsed.ok) throw new UsageError(parsed.message);
  const snapshot = { nodes: [], objects: new Map(), logs: [], coverage: [] };
  return await reportOn({ snapshot, kind: 'preflight', given: parsed.given }, options);
}
