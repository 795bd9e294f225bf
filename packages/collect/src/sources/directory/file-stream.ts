import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf } from '../bytes/byte-stream.ts';

const CHUNK = 256 * 1024;

/**
 * Reads a regular file from its start. Throws when it can not be opened or read, or is no regular file: neither a pipe that was
 * put in its place nor a device is ever read, or waited for.
 */
export async function* readFileStream(path: string, follow: boolean): AsyncGenerator<Uint8Array> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  try {
    if (!(await handle.stat()).isFile()) throw new Error('not a regular file');
    yield* readHandle(handle);
  } finally {
    await handle.close();
  }
}

async function* readHandle(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What a person can do about an error of the file system. */
export function fileAdvice(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  if (code === 'EACCES' || code === 'EPERM') {
    return 'permission denied; run as a user who may read it, or change its permissions';
  }
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'ELOOP') return 'a symbolic link that leads to itself, or that was put in the place of a file';
  if (code === 'EMFILE' || code === 'ENFILE') return 'too many open files; raise the limit with ulimit -n';
  return messageOf(error);
}
