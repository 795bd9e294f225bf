import { loadSnapshot, type Snapshot, type SnapshotFile } from '@netvet/core';
import { UsageError } from './exit-codes.ts';
import type { LimitOptions } from './options.ts';
import { counted } from './progress.ts';
import { exists, type Messages } from './terminal.ts';
import { VERSION } from './version.ts';

/** A source that was read whole. */
export interface LoadedSource {
  readonly kind: string;
  readonly snapshot: Snapshot;
}

/** Reads a source: this host, standard input, or a path. */
export async function loadSource(
  source: string,
  limits: LimitOptions,
  messages: Messages,
): Promise<LoadedSource> {
  if (source === 'cluster') {
    throw new UsageError(
      'reading a live cluster is not part of this version; save its objects with kubectl (see docs/evidence.md) and scan the directory',
    );
  }
  // A directory that is called "node" is reached as ./node.
  return source === 'node' ? await loadNode(messages) : await loadPath(source, limits, messages);
}

async function loadNode(messages: Messages): Promise<LoadedSource> {
  const { collectNode, withManifest } = await import('@netvet/collect');
  const { files } = withManifest(counted(collectNode(), messages), { takenAt: new Date(), netvet: VERSION });
  const snapshot = await loadSnapshot(asSnapshotFiles(files));
  messages.endProgress();
  return { kind: 'node', snapshot };
}

async function* asSnapshotFiles(
  files: AsyncIterable<{ path: string; bytes: Uint8Array }>,
): AsyncGenerator<SnapshotFile> {
  for await (const { path, bytes } of files) yield { path, chunks: [bytes] };
}

async function loadPath(source: string, limits: LimitOptions, messages: Messages): Promise<LoadedSource> {
  if (source !== '-' && !exists(source)) {
    throw new UsageError(
      `${source} does not exist; give node, a directory, a snapshot or - for standard input`,
    );
  }
  const { openSource } = await import('@netvet/collect');
  const opened = await openSource(source, {
    ...(limits.maxEntries === undefined ? {} : { maxEntries: limits.maxEntries }),
    ...(limits.maxSize === undefined ? {} : { maxTotalBytes: limits.maxSize }),
    ...(limits.maxRatio === undefined ? {} : { maxRatio: limits.maxRatio }),
  });
  if ('error' in opened) throw new UsageError(opened.error.message);
  try {
    const snapshot = await loadSnapshot(opened.files, {
      sourceProblems: () => opened.problems(),
      onProgress: (files, bytes) =>
        messages.progress(`reading ${source}: ${files} files, ${megabytes(bytes)}`),
    });
    messages.endProgress();
    const failure = opened.failure();
    if (failure !== undefined) throw new UsageError(failure);
    return { kind: opened.kind, snapshot };
  } finally {
    await opened.close();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
