import { lstat, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AnyProbe } from '@netvet/core';
import { type ProbeContext, runProgram } from '../context.ts';
import { findProgram } from '../host.ts';
import type { Outcome } from '../outcome.ts';

/** More links than any distribution uses; ends a circle of links. */
export const LONGEST_CHAIN = 10;

/** `ls -al` of the iptables command, then of each file it links to. */
export async function listIptablesPath(context: ProbeContext, probe: AnyProbe): Promise<Outcome> {
  let path = await findProgram(context.host, 'iptables');
  if (path === undefined) return { status: 'not-found', message: 'iptables: not found' };
  const listed: Uint8Array[] = [];
  for (let links = 0; path !== undefined && links < LONGEST_CHAIN; links++) {
    const outcome: Outcome = await runProgram(context, probe, ['ls', '-al', path]);
    if (outcome.bytes === undefined) return outcome;
    listed.push(outcome.bytes);
    path = await targetOf(path);
  }
  return { status: 'ok', bytes: Buffer.concat(listed) };
}

async function targetOf(path: string): Promise<string | undefined> {
  try {
    const isLink = (await lstat(path)).isSymbolicLink();
    return isLink ? resolve(dirname(path), await readlink(path)) : undefined;
  } catch {
    return undefined;
  }
}
