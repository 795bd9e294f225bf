import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Manifest } from '@netvet/core';
import type { CollectedFile } from './collected-file.ts';
import { type SnapshotInfo, withManifest } from './manifest-file.ts';
import { asOutputError } from './output-error.ts';
import { type OutputOptions, placeDirectory, refuseExisting, temporaryBeside } from './place.ts';

/**
 * Writes a snapshot as an evidence directory. It appears whole or not at all, and only its owner can read it.
 * Throws an `OutputError`.
 */
export async function writeDirectory(
  out: string,
  collected: AsyncIterable<CollectedFile> | Iterable<CollectedFile>,
  info: SnapshotInfo,
  options: OutputOptions = {},
): Promise<Manifest> {
  await refuseExisting(out, options);
  const temporary = temporaryBeside(out);
  const { files, result } = withManifest(collected, info);
  try {
    await mkdir(temporary, { mode: 0o700 });
    for await (const { path, bytes } of files) {
      const target = join(temporary, path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeFile(target, bytes, { flag: 'wx', mode: 0o600 });
    }
    await placeDirectory(temporary, out, options);
  } catch (error) {
    throw asOutputError(out, error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return result();
}
