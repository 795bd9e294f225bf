import { stat } from 'node:fs/promises';
import { fileAdvice, readFileStream } from './directory/file-stream.ts';
import { openDirectory } from './directory/open-directory.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { openStream } from './open-stream.ts';
import type { OpenedSource, SourceError, SourceOptions } from './opened-source.ts';

/**
 * Opens a directory, an archive or a dump of objects, recognised by its content; `-` is standard input. Never throws for
 * anything a source may hold, and writes nothing.
 *
 * ```ts
 * const opened = await openSource('snapshot.tar.gz');
 * if ('error' in opened) throw new UsageError(opened.error.message);
 * const snapshot = await loadSnapshot(opened.files, { sourceProblems: () => opened.problems() });
 * const failure = opened.failure();   // after the last file
 * await opened.close();
 * ```
 */
export async function openSource(
  path: string,
  options: SourceOptions = {},
): Promise<OpenedSource | SourceError> {
  const { stdin = process.stdin, ...changed } = options;
  const limits = { ...DEFAULT_LIMITS, ...changed };
  if (path === '-') return await openStream({ name: 'standard input', bytes: stdin }, limits);
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await openDirectory(path, limits);
    if (!found.isFile()) {
      return failed(
        path,
        'is neither a file nor a directory. To read a pipe or a device, use -: netvet scan - < it',
      );
    }
    return await openStream({ name: path, bytes: readFileStream(path, true), place: path }, limits);
  } catch (error) {
    return failed(path, `can not be read: ${fileAdvice(error)}`);
  }
}

function failed(path: string, reason: string): SourceError {
  return { error: { message: `${path} ${reason}` } };
}
