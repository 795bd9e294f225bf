import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Manifest } from '@netvet/core';
import { createTarPacker, type TarPackController } from 'modern-tar';
import type { CollectedFile } from './collected-file.ts';
import { type OutputFile, type SnapshotInfo, withManifest } from './manifest-file.ts';
import { asOutputError } from './output-error.ts';
import { type OutputOptions, placeFile, refuseExisting, temporaryBeside } from './place.ts';

/**
 * Writes a snapshot as `.tar.gz`, with its manifest as the last file. The archive appears whole or not at all, only
 * its owner can read it, and the same files give the same bytes. Throws an `OutputError`.
 */
export async function writeArchive(
  out: string,
  collected: AsyncIterable<CollectedFile> | Iterable<CollectedFile>,
  info: SnapshotInfo,
  options: OutputOptions = {},
): Promise<Manifest> {
  await refuseExisting(out, options);
  const temporary = temporaryBeside(out);
  const { files, result } = withManifest(collected, info);
  try {
    await pack(temporary, files, info.takenAt);
    await placeFile(temporary, out, options);
  } catch (error) {
    throw asOutputError(out, error);
  } finally {
    await rm(temporary, { force: true });
  }
  return result();
}

async function pack(target: string, files: AsyncIterable<OutputFile>, mtime: Date): Promise<void> {
  const { readable, controller } = createTarPacker();
  const sink = createWriteStream(target, { flags: 'wx', mode: 0o600 });
  const written = pipeline(Readable.fromWeb(readable), createGzip(), sink);
  const filled = fill(controller, files, mtime).catch((error: unknown) => {
    controller.error(error);
    throw error;
  });
  // Each ends the other; where the disk is full, the reason is that of `written`.
  for (const end of await Promise.allSettled([written, filled])) {
    if (end.status === 'rejected') throw end.reason;
  }
}

async function fill(
  controller: TarPackController,
  files: AsyncIterable<OutputFile>,
  mtime: Date,
): Promise<void> {
  for await (const { path, bytes } of files) {
    const writer = controller.add({ name: path, size: bytes.length, mtime, mode: 0o644 }).getWriter();
    if (bytes.length > 0) await writer.write(bytes);
    await writer.close();
  }
  controller.finalize();
}
