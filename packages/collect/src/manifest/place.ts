import { randomBytes } from 'node:crypto';
import { link, lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MANIFEST_PATH } from './manifest-file.ts';
import { asOutputError, OutputError } from './output-error.ts';

export interface OutputOptions {
  /** Replaces a file, or a directory that is empty or holds a snapshot. */
  readonly force?: boolean;
}

/** A hidden name beside `out`, so that a rename puts it in place. */
export function temporaryBeside(out: string): string {
  const path = resolve(out);
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
}

/** Throws where something is at `out` that must not be replaced; before any work is done. */
export async function refuseExisting(out: string, { force = false }: OutputOptions): Promise<void> {
  const kind = await kindOf(out);
  if (kind === 'nothing' || kind === 'empty-directory') return;
  if (!force) throw new OutputError('exists', out, 'is there already');
  if (kind === 'other-directory') {
    throw new OutputError('not-a-snapshot', out, 'is a directory that holds no snapshot');
  }
}

/** Puts a finished file in place; without `force` never over another one. */
export async function placeFile(
  temporary: string,
  out: string,
  { force = false }: OutputOptions,
): Promise<void> {
  if (force) {
    // A rename replaces a file in one step, but no directory.
    if (isDirectory(await kindOf(out))) await setAside(out);
  } else if (await linkOnly(temporary, out)) return;
  await rename(temporary, out);
}

/** Puts a finished directory in place; without `force` never over another one, unless that is empty. */
export async function placeDirectory(
  temporary: string,
  out: string,
  { force = false }: OutputOptions,
): Promise<void> {
  if (force && (await kindOf(out)) !== 'nothing') await setAside(out);
  await rename(temporary, out);
}

/** Links the file to its place, which fails where another is. False where the file system has no hard links. */
async function linkOnly(temporary: string, out: string): Promise<boolean> {
  try {
    await link(temporary, out);
    return true;
  } catch (error) {
    if ((await kindOf(out)) === 'nothing') return false;
    throw new OutputError('exists', out, 'is there already', error);
  }
}

async function setAside(out: string): Promise<void> {
  await refuseExisting(out, { force: true });
  const old = temporaryBeside(out);
  await rename(out, old);
  await rm(old, { recursive: true, force: true });
}

type Kind = 'nothing' | 'file' | 'snapshot-directory' | 'empty-directory' | 'other-directory';

function isDirectory(kind: Kind): boolean {
  return kind.endsWith('-directory');
}

async function kindOf(path: string): Promise<Kind> {
  try {
    if (!(await lstat(path)).isDirectory()) return 'file';
    const names = await readdir(path);
    if (names.length === 0) return 'empty-directory';
    return names.includes(MANIFEST_PATH) ? 'snapshot-directory' : 'other-directory';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'nothing';
    throw asOutputError(path, error);
  }
}
