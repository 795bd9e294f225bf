import { isFailureText } from '../failure-text.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/** The maker of a machine as its firmware names it. */
export interface DmiVendor {
  readonly vendor: string;
  readonly line: number;
}

const LONGEST_VENDOR = 256;

/**
 * Reads `/sys/class/dmi/id/sys_vendor`: `VMware, Inc.` gives `{ vendor: 'VMware, Inc.', line: 1 }`.
 * An empty file gives `undefined`: the firmware names nobody.
 */
export function parseDmiVendor(text: string): Parsed<DmiVendor | undefined> {
  const problems = new ProblemLog();
  let found: DmiVendor | undefined;
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    if (found !== undefined || line.length > LONGEST_VENDOR || isFailureText(line)) {
      problems.add({ line: number }, 'expected one line with the name of a vendor', line);
    } else {
      found = { vendor: line.trim(), line: number };
    }
  }
  return { value: found, problems: problems.list() };
}
