import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { type Outcome, wholeLines } from './outcome.ts';

const CHUNK = 65_536;

/** Reads a file up to a limit; files that end in `.gz` are unpacked. Never throws. */
export async function readLimited(path: string, maxBytes: number): Promise<Outcome> {
  const started = performance.now();
  const outcome = await attempt(path, maxBytes);
  return { ...outcome, durationMs: Math.round(performance.now() - started) };
}

async function attempt(path: string, maxBytes: number): Promise<Outcome> {
  try {
    const handle = await open(path, 'r');
    try {
      const kind = await handle.stat();
      // Units are switched off by a link to /dev/null.
      if (kind.isCharacterDevice()) return { status: 'empty', bytes: new Uint8Array() };
      if (!kind.isFile()) return { status: 'failed', message: 'not a regular file' };
      const stream = handle.createReadStream({ autoClose: false, highWaterMark: CHUNK });
      const source = path.endsWith('.gz') ? stream.pipe(createGunzip()) : stream;
      stream.on('error', (error) => source.destroy(error));
      return await readStream(source, maxBytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return failure(error);
  }
}

async function readStream(source: AsyncIterable<Buffer>, maxBytes: number): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) {
      const bytes = wholeLines(Buffer.concat(chunks).subarray(0, maxBytes));
      return { status: 'truncated', bytes, message: 'the size limit was reached' };
    }
  }
  return { status: size === 0 ? 'empty' : 'ok', bytes: Buffer.concat(chunks) };
}

/** What an error of the file system means. */
export function failure(error: unknown): Outcome {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { status: 'not-found', message };
  return { status: code === 'EACCES' || code === 'EPERM' ? 'not-permitted' : 'failed', message };
}
