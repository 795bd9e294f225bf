import { type Manifest, type ManifestEntry, SNAPSHOT_SCHEMA } from '@netvet/core';
import type { CollectedFile } from './collected-file.ts';
import { OutputError } from './output-error.ts';
import { checkSnapshotPath } from './safe-path.ts';

export const MANIFEST_PATH = 'manifest.json';

/** What the manifest says of the snapshot as a whole. */
export interface SnapshotInfo {
  readonly takenAt: Date;
  /** Version of netvet. */
  readonly netvet: string;
  /** Absent for a lone host. */
  readonly cluster?: string;
}

/** A file to write. */
export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files of a snapshot in order, the manifest last; `result` is that manifest once all were read. */
export interface SnapshotOutput {
  readonly files: AsyncIterable<OutputFile>;
  readonly result: () => Manifest;
}

/** Adds the manifest to the files of a collection. Reading throws on paths that leave the snapshot or come twice. */
export function withManifest(
  collected: AsyncIterable<CollectedFile> | Iterable<CollectedFile>,
  info: SnapshotInfo,
): SnapshotOutput {
  const entries: ManifestEntry[] = [];
  const manifest: Manifest = {
    schema: SNAPSHOT_SCHEMA,
    takenAt: info.takenAt.toISOString(),
    netvet: info.netvet,
    ...(info.cluster === undefined ? {} : { cluster: info.cluster }),
    entries,
  };
  async function* files(): AsyncGenerator<OutputFile> {
    const written = new Set([MANIFEST_PATH]);
    for await (const { path, bytes, entry } of collected) {
      entries.push(entry);
      if (bytes === undefined) continue;
      checkSnapshotPath(path);
      if (written.has(path)) throw new OutputError('duplicate-path', path, 'two files have this path');
      written.add(path);
      yield { path, bytes };
    }
    const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
    yield { path: MANIFEST_PATH, bytes: new TextEncoder().encode(text) };
  }
  return { files: files(), result: () => manifest };
}
