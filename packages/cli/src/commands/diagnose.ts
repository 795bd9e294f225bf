import { type Diagnosis, diagnoseFlow } from '@netvet/core';
import { diagnosisText } from '../diagnosis-text.ts';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { type FlowOptions, questionOf } from '../flow-options.ts';
import { loadSource } from '../load-source.ts';
import type { LimitOptions } from '../options.ts';
import { messagesFor } from '../terminal.ts';
import { writeOutput } from '../write-output.ts';

interface Options extends LimitOptions, FlowOptions {
  readonly output: 'text' | 'json';
  readonly outputFile?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** `netvet diagnose SOURCE --from A --to B` */
export async function diagnose(source: string, options: Options): Promise<ExitCode> {
  const question = questionOf(options);
  if (question === undefined) throw new UsageError('give --from and --to');
  const { snapshot } = await loadSource(source, options, messagesFor(options));
  const diagnosis = diagnoseFlow(snapshot, question);
  if ('error' in diagnosis) throw new UsageError(diagnosis.error.message);
  const text = options.output === 'json' ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis);
  await writeOutput(text, options.outputFile);
  return exitCodeOf(diagnosis, options.strict === true);
}

function exitCodeOf({ causes, conclusion }: Diagnosis, isStrict: boolean): ExitCode {
  if (causes.some(({ effect }) => effect === 'blocks')) return EXIT.affected;
  return conclusion === 'unknown' && isStrict ? EXIT.unknown : EXIT.ok;
}
