import { type AnyProbe, MODULES } from '@netvet/core';
import { type ProbeContext, runProgram } from '../context.ts';
import { exists, MODULE_DIRECTORIES } from '../modules.ts';
import type { Outcome } from '../outcome.ts';

/**
 * Which modules `modprobe --dry-run` finds, as lines `name yes|no`. Without the directory of the running kernel, as in
 * a container, modprobe finds none, which says nothing.
 */
export async function listAvailableModules(context: ProbeContext, probe: AnyProbe): Promise<Outcome> {
  const { host } = context;
  const directories = MODULE_DIRECTORIES.map((directory) => `${directory}/${host.release}`);
  const isThere = await Promise.all(directories.map((directory) => exists(host, `${directory}/modules.dep`)));
  if (!isThere.includes(true)) {
    return {
      status: 'not-found',
      message: `no modules of the running kernel in ${directories.join(' or ')}`,
    };
  }
  const lines: string[] = [];
  for (const module of MODULES) {
    const outcome = await runProgram(context, probe, ['modprobe', '--dry-run', '--quiet', module]);
    const isMissing =
      outcome.status === 'failed' && outcome.exitCode === 1 && !/usage/i.test(outcome.message ?? '');
    if (outcome.bytes === undefined && !isMissing) return outcome;
    lines.push(`${module} ${isMissing ? 'no' : 'yes'}\n`);
  }
  return { status: 'ok', bytes: Buffer.from(lines.join('')) };
}
