import { type AnyProbe, PROBES } from '@netvet/core';
import type { CollectedFile } from '../manifest/collected-file.ts';
import { type ProbeContext, runProgram, seal } from './context.ts';
import { findProgram } from './host.ts';
import { isModuleAbsent } from './modules.ts';
import type { Outcome } from './outcome.ts';

/** Runs a probe whose output a command prints; `member` is the interface of a family. */
export async function runCommandProbe(
  context: ProbeContext,
  probe: AnyProbe,
  member = '',
): Promise<readonly CollectedFile[]> {
  const { source, json, samples } = probe;
  if (source?.kind !== 'command') return [];
  const file = fill(probe.file, member);
  const [usual = []] = source.commands;
  const give = (outcome: Outcome, command: readonly string[] = usual): readonly CollectedFile[] => [
    seal(context, probe, file, outcome, { command: fill(command.join(' '), member) }),
  ];
  if (await hasBetter(context, probe)) return [];
  if (probe.module !== undefined && (await isModuleAbsent(context.host, probe.module))) {
    const message = `the kernel module ${probe.module} is not loaded`;
    return give({ status: 'empty', bytes: new Uint8Array(), message });
  }
  const commands = await harmless(context, probe, source.commands);
  if (commands.length === 0) {
    return give({ status: 'not-found', message: `would load the kernel module ${probe.loads}` });
  }
  const attempts: CollectedFile[] = [];
  if (json?.command !== undefined) {
    const outcome = await runProgram(context, probe, json.command, { json: true });
    const how = { command: json.command.join(' ') };
    if (outcome.bytes !== undefined) return [seal(context, probe, json.file, outcome, how)];
    if (outcome.status === 'not-found' || outcome.status === 'not-permitted')
      return give(outcome, json.command);
    attempts.push(seal(context, probe, json.file, outcome, how));
  }
  const { outcome, command } = await firstThatExists(context, probe, commands, member);
  if (samples !== undefined && outcome.bytes !== undefined) {
    return takeSamples(context, probe, command, outcome, samples);
  }
  return [...attempts, ...give(outcome, command)];
}

function fill(text: string, member: string): string {
  return text.replaceAll('*', member);
}

/** Whether a program is there of a probe that says more. */
async function hasBetter({ host }: ProbeContext, probe: AnyProbe): Promise<boolean> {
  for (const { id, source } of PROBES) {
    if (probe.unlessFound?.includes(id) !== true || source?.kind !== 'command') continue;
    if ((await findProgram(host, source.commands[0]?.[0] ?? '')) !== undefined) return true;
  }
  return false;
}

/** The commands that load no kernel module: where one would, only those that read files are left. */
async function harmless(
  { host }: ProbeContext,
  { loads }: AnyProbe,
  commands: readonly (readonly string[])[],
): Promise<readonly (readonly string[])[]> {
  if (loads === undefined || !(await isModuleAbsent(host, loads))) return commands;
  return commands.filter(([program]) => program === 'cat');
}

async function firstThatExists(
  context: ProbeContext,
  probe: AnyProbe,
  commands: readonly (readonly string[])[],
  member: string,
): Promise<{ readonly outcome: Outcome; readonly command: readonly string[] }> {
  let first: { readonly outcome: Outcome; readonly command: readonly string[] } | undefined;
  for (const command of commands) {
    const outcome = await runProgram(
      context,
      probe,
      command.map((word) => fill(word, member)),
    );
    if (outcome.bytes !== undefined) return { outcome, command };
    // What the usual tool says tells more than that a file is not there, unless the tool is missing.
    if (first === undefined || first.outcome.status === 'not-found') first = { outcome, command };
    if (outcome.status === 'not-permitted') break;
  }
  return first ?? { outcome: { status: 'not-found' }, command: [] };
}

async function takeSamples(
  context: ProbeContext,
  probe: AnyProbe,
  command: readonly string[],
  first: Outcome,
  { count, seconds }: { readonly count: number; readonly seconds: number },
): Promise<readonly CollectedFile[]> {
  const outcomes = [first];
  while (outcomes.length < count) {
    await context.host.sleep(seconds);
    outcomes.push(await runProgram(context, probe, command));
  }
  const how = { command: command.join(' ') };
  const named = (number: number): string => probe.file.replace(/\.txt$/, `.${number}.txt`);
  const last = outcomes.findLast(({ bytes }) => bytes !== undefined) ?? first;
  return [
    seal(context, probe, probe.file, last, how),
    ...outcomes.map((outcome, index) => seal(context, probe, named(index + 1), outcome, how)),
  ];
}
