import { execFileSync } from 'node:child_process';
import { type Cause, diagnoseFlow, loadSnapshot } from '@netvet/core';
import type { Fault, Flow } from '../src/index.ts';
import { mendLab } from '../src/index.ts';

/** The cause with this name, as a diagnosis of the evidence gives it. */
export async function causeOf(
  files: Readonly<Record<string, string>>,
  flow: Flow,
  id: string,
): Promise<Cause | undefined> {
  const chunks = Object.entries(files).map(([path, text]) => ({ path, chunks: [Buffer.from(text)] }));
  const diagnosis = diagnoseFlow(await loadSnapshot(chunks), flow);
  if ('error' in diagnosis) throw new Error(diagnosis.error.message);
  return diagnosis.causes.find(({ cause }) => cause === id);
}

/** Runs the first command of the remedies that says where, and where there is none, mends the lab outside of its nodes. */
export async function applyRemedy(name: string, fault: Fault, cause: Cause | undefined): Promise<void> {
  const remedy = cause?.remedies.find(({ command, where }) => command !== undefined && where !== undefined);
  if (remedy?.command === undefined || remedy.where === undefined) return await mendLab(name, fault.id);
  const { node, netns } = remedy.where;
  const own = netns?.replace(/^[^_]*_/, '') ?? node;
  execFileSync('ip', ['netns', 'exec', `netvet-${name}-${own}`, 'sh', '-e', '-c', remedy.command]);
}
