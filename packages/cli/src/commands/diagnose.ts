import { type Diagnosis, diagnoseCluster, diagnoseFlow, type Snapshot } from '@netvet/core';
import { clusterDiagnosisText } from '../cluster-diagnosis-text.ts';
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

/** `netvet diagnose SOURCE --from A --to B`, or without both for all nodes, pods and services. */
export async function diagnose(source: string, options: Options): Promise<ExitCode> {
  const question = questionOf(options);
  if (question === undefined && (options.from !== undefined || options.to !== undefined)) {
    throw new UsageError('give --from and --to, or neither for all nodes, pods and services');
  }
  const { snapshot } = await loadSource(source, options, messagesFor(options));
  if (question === undefined) return diagnoseEveryone(snapshot, options);
  const diagnosis = diagnoseFlow(snapshot, question);
  if ('error' in diagnosis) throw new UsageError(diagnosis.error.message);
  const text = options.output === 'json' ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis);
  await writeOutput(text, options.outputFile);
  return exitCodeOf(diagnosis, options.strict === true);
}

async function diagnoseEveryone(snapshot: Snapshot, options: Options): Promise<ExitCode> {
  const diagnosis = diagnoseCluster(snapshot);
  const { members, toServices } = diagnosis;
  const text =
    options.output === 'json' ? JSON.stringify(diagnosis, null, 2) : clusterDiagnosisText(diagnosis);
  await writeOutput(text, options.outputFile);
  if (members.broken + toServices.broken > 0) return EXIT.affected;
  return members.unknown + toServices.unknown > 0 && options.strict === true ? EXIT.unknown : EXIT.ok;
}

function exitCodeOf({ causes, conclusion }: Diagnosis, isStrict: boolean): ExitCode {
  if (causes.some(({ effect }) => effect === 'blocks')) return EXIT.affected;
  return conclusion === 'unknown' && isStrict ? EXIT.unknown : EXIT.ok;
}
