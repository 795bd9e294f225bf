import { basename } from 'node:path';
import type { AnyProbe } from '@netvet/core';
import type { CollectedFile } from '../manifest/collected-file.ts';
import { type ProbeContext, seal } from './context.ts';
import { matchFiles } from './glob.ts';
import { type Host, onHost } from './host.ts';
import type { Outcome } from './outcome.ts';
import { flagOfProgram } from './processes.ts';
import { readLimited } from './read-limited.ts';

/** Reads the file of a probe, or all files of a family. */
export async function runFileProbe(
  context: ProbeContext,
  probe: AnyProbe,
): Promise<readonly CollectedFile[]> {
  if (probe.source?.kind !== 'file') return [];
  return probe.each === 'file'
    ? readFamily(context, probe, probe.source.paths)
    : [await readOne(context, probe)];
}

async function readOne(context: ProbeContext, probe: AnyProbe): Promise<CollectedFile> {
  const { host } = context;
  const paths = await candidatePaths(host, probe);
  let refusal: { readonly path: string; readonly outcome: Outcome } | undefined;
  for (const path of paths) {
    const outcome = await readLimited(onHost(host, path), context.limitsOf(probe).maxBytes);
    if (outcome.bytes !== undefined) return give(context, probe, path, outcome);
    if (outcome.status !== 'not-found') refusal ??= { path, outcome };
  }
  if (refusal !== undefined) return give(context, probe, refusal.path, refusal.outcome);
  const message = `no such file: ${paths.join(', ')}`;
  return give(context, probe, paths[0] ?? '', { status: 'not-found', message });
}

/** Places of the file of a probe, the likeliest first. */
export async function candidatePaths(host: Host, { source }: AnyProbe): Promise<readonly string[]> {
  if (source?.kind !== 'file') return [];
  const named = source.namedBy === undefined ? undefined : await flagOfProgram(host, source.namedBy);
  const paths = source.paths.map((path) => path.replace('{release}', host.release));
  return named === undefined ? paths : [named, ...paths];
}

function give(context: ProbeContext, probe: AnyProbe, path: string, outcome: Outcome): CollectedFile {
  return seal(context, probe, probe.file, outcome, { command: `cat ${path}` });
}

async function readFamily(
  context: ProbeContext,
  probe: AnyProbe,
  patterns: readonly string[],
): Promise<readonly CollectedFile[]> {
  const { host } = context;
  const files = new Map<string, CollectedFile>();
  let refusal: Outcome = { status: 'not-found', message: 'no such files' };
  for (const pattern of patterns) {
    const matches = pattern.includes('*') ? await matchFiles(host, pattern) : [pattern];
    if ('status' in matches) {
      if (matches.status !== 'not-found') refusal = matches;
      continue;
    }
    for (const path of matches) {
      const name = basename(path);
      // Directories are in order of precedence: the first file of a name is the one in use.
      if (files.has(name)) continue;
      const outcome = await readLimited(onHost(host, path), context.limitsOf(probe).maxBytes);
      if (outcome.status === 'not-found' && !pattern.includes('*')) continue;
      const file = probe.file.replace('*', name);
      files.set(name, seal(context, probe, file, outcome, { command: `cat ${path}` }));
    }
  }
  if (files.size > 0 && refusal.status === 'not-found') return [...files.values()];
  const attempt = seal(context, probe, probe.file, refusal, { command: `cat ${patterns.join(' ')}` });
  return [...files.values(), attempt];
}
