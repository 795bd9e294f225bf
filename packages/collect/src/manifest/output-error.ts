/**
 * Why a snapshot could not be written:
 * - `exists`: something is at the place already, and replacing it was not asked for;
 * - `not-a-snapshot`: a directory is at the place that is no snapshot; it is not replaced even when asked for;
 * - `unsafe-path`: a file of the snapshot would land outside it;
 * - `duplicate-path`: two files of the snapshot have the same path;
 * - `cannot-write`: the file system refused.
 */
export type OutputErrorCode = 'exists' | 'not-a-snapshot' | 'unsafe-path' | 'duplicate-path' | 'cannot-write';

/** A snapshot could not be written; nothing is left behind. */
export class OutputError extends Error {
  readonly code: OutputErrorCode;
  /** The output, or the file of the snapshot that was the reason. */
  readonly path: string;

  constructor(code: OutputErrorCode, path: string, message: string, cause?: unknown) {
    super(`${path}: ${message}`, cause === undefined ? undefined : { cause });
    this.name = 'OutputError';
    this.code = code;
    this.path = path;
  }
}

/** Turns an error of the file system into an {@link OutputError}; others stay as they are. */
export function asOutputError(path: string, error: unknown): unknown {
  if (error instanceof OutputError || !(error instanceof Error) || !('code' in error)) return error;
  return new OutputError('cannot-write', path, error.message, error);
}
