import { loadSnapshot, type Snapshot, type SnapshotFile } from '@netvet/core';
import { openSource } from '../../src/sources/open-source.ts';
import type { OpenedSource, SourceOptions } from '../../src/sources/opened-source.ts';
import type { SourceProblem } from '../../src/sources/problems.ts';

/** Bytes as standard input gives them. */
export async function* piecesOf(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** All a source gives, with the text of its files by path. */
export interface ReadSource {
  readonly kind: OpenedSource['kind'];
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly damages: Readonly<Record<string, string>>;
  readonly problems: readonly SourceProblem[];
  readonly failure: string | undefined;
}

/** Opens a path, or bytes as standard input. */
export async function open(
  source: string | Uint8Array,
  options: SourceOptions = {},
): Promise<OpenedSource | { error: { message: string } }> {
  return typeof source === 'string'
    ? await openSource(source, options)
    : await openSource('-', { ...options, stdin: piecesOf(source) });
}

/** Reads a source whole; throws with its message when it can not be opened. */
export async function read(source: string | Uint8Array, options: SourceOptions = {}): Promise<ReadSource> {
  const opened = await openOrThrow(source, options);
  const files: Record<string, string> = {};
  const damages: Record<string, string> = {};
  for await (const file of opened.files) {
    files[file.path] = `${files[file.path] ?? ''}${await textOf(file)}`;
    const damage = file.damage?.();
    if (damage !== undefined) damages[file.path] = damage;
  }
  const result = {
    kind: opened.kind,
    title: opened.title,
    files,
    damages,
    problems: opened.problems(),
    failure: opened.failure(),
  };
  await opened.close();
  return result;
}

/** Loads a source as a scan does. */
export async function load(source: string | Uint8Array, options: SourceOptions = {}): Promise<Snapshot> {
  const opened = await openOrThrow(source, options);
  const snapshot = await loadSnapshot(opened.files, { sourceProblems: () => opened.problems() });
  await opened.close();
  return snapshot;
}

/** The message of a source that can not be opened. */
export async function errorOf(source: string | Uint8Array, options: SourceOptions = {}): Promise<string> {
  const opened = await open(source, options);
  if ('error' in opened) return opened.error.message;
  await opened.close();
  return `opened as ${opened.kind}`;
}

async function openOrThrow(source: string | Uint8Array, options: SourceOptions): Promise<OpenedSource> {
  const opened = await open(source, options);
  if ('error' in opened) throw new Error(opened.error.message);
  return opened;
}

async function textOf(file: SnapshotFile): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
