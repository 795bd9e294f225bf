import { SEVERITIES, type Severity, VERDICTS, type Verdict } from '@netvet/core';
import { type Command, InvalidArgumentError, Option } from 'commander';

const OUTPUTS = ['text', 'json', 'yaml', 'markdown', 'html', 'sarif', 'junit'] as const;

/** Options that every command with a report takes. */
export interface ReportOptions {
  readonly output: (typeof OUTPUTS)[number];
  readonly outputFile?: string;
  readonly severity?: Severity;
  readonly component?: readonly string[];
  readonly issue?: readonly string[];
  readonly verdict?: readonly Verdict[];
  readonly all?: boolean;
  readonly failOn: Severity;
  readonly strict?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly catalogue?: string;
  readonly accept?: string;
}

/** Limits on what a source may unpack to. */
export interface LimitOptions {
  readonly maxEntries?: number;
  readonly maxSize?: number;
  readonly maxRatio?: number;
}

export function addReportOptions(command: Command): Command {
  return addFilterOptions(command)
    .addOption(new Option('-o, --output <format>', 'form of the report').choices(OUTPUTS).default('text'))
    .option('--output-file <file>', 'write the report to a file')
    .option('--verdict <verdict>', 'show only this verdict; may be repeated', collectVerdicts)
    .option('--all', 'show not-affected findings as well')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 3 from this severity on')
        .choices(SEVERITIES)
        .default('high'),
    )
    .option('--strict', 'exit with 4 when nothing is affected but something is unknown')
    .option('--accept <file>', 'accepted findings: a YAML list of { issue, subject, reason, until }')
    .option('-q, --quiet', 'no messages, and a short report')
    .option('-v, --verbose', 'every proof and every unknown in full');
}

/** Options that choose issues of the catalogue. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(new Option('--severity <severity>', 'only issues at least this severe').choices(SEVERITIES))
    .option(
      '--component <component>',
      'only issues of this component, for example calico; may be repeated',
      collect,
    )
    .option('--issue <id>', 'only this issue; may be repeated', collect)
    .option('--catalogue <pack>', 'another catalogue: a pack file or a folder of entries')
    .option('--no-color', 'no colours');
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('--max-entries <n>', 'most files that an archive may hold', wholeNumber)
    .option('--max-size <bytes>', 'most bytes that an archive may unpack to', wholeNumber)
    .option('--max-ratio <n>', 'most times that an archive may grow when unpacked', wholeNumber);
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Takes `affected`, and `affected,unknown` as well. */
function collectVerdicts(value: string, previous: readonly Verdict[] | undefined): readonly Verdict[] {
  const verdicts = value.split(',').map((word) => {
    const verdict = VERDICTS.find((known) => known === word);
    if (verdict === undefined) throw new InvalidArgumentError(`Allowed choices are ${VERDICTS.join(', ')}.`);
    return verdict;
  });
  return [...(previous ?? []), ...verdicts];
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new InvalidArgumentError('expected a whole number above 0.');
  return value;
}
