import type { AnyProbe } from '@netvet/core';
import type { CollectedFile } from '../manifest/collected-file.ts';
import { type Attempt, sealFile } from '../manifest/collected-file.ts';
import { findProgram, type Host } from './host.ts';
import { type CommandTraits, commandOutcome, type Outcome } from './outcome.ts';
import { type Limits, runCommand } from './run-command.ts';

/** Where and how the probes of one network namespace are run. */
export interface ProbeContext {
  readonly host: Host;
  /** Directory in the snapshot, with a slash at the end. */
  readonly directory: string;
  /** Command that runs another in the network namespace; empty for that of the host. */
  readonly enter: readonly string[];
  readonly limitsOf: (probe: AnyProbe) => Limits;
  readonly signal?: AbortSignal;
}

/** Makes the file and entry of an attempt at `file` below the directory of the context. */
export function seal(
  context: ProbeContext,
  probe: AnyProbe,
  file: string,
  outcome: Outcome,
  how: Pick<Attempt, 'command' | 'request'>,
): CollectedFile {
  return sealFile(
    { path: `${context.directory}${file}`, probe: probe.id, ...how, ...outcome },
    probe.sensitive,
  );
}

/** Runs a command in the network namespace of the context; `not-found` where the program is missing. */
export async function runProgram(
  context: ProbeContext,
  probe: AnyProbe,
  command: readonly string[],
  traits: CommandTraits = {},
): Promise<Outcome> {
  const { host, enter, signal } = context;
  const [name = '', ...args] = command;
  const program = await findProgram(host, name);
  if (program === undefined) return { status: 'not-found', message: `${name}: not found` };
  const [first = program, ...rest] = [...enter, program, ...args];
  const result = await runCommand(first, rest, context.limitsOf(probe), host.searchPath, signal);
  return commandOutcome(result, {
    asOrdinaryUser: probe.needs === 'root' && !host.isRoot,
    ...(probe.keepsOutput === undefined ? {} : { keepsOutput: probe.keepsOutput }),
    ...(probe.nothing === undefined ? {} : { nothing: probe.nothing }),
    ...traits,
  });
}
