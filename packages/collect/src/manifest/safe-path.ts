import { OutputError } from './output-error.ts';

/** Longest name of one file that Linux file systems take. */
const LONGEST_NAME = 255;

/** Throws where `path` is not a plain relative path: names of pods and devices come from outside. */
export function checkSnapshotPath(path: string): void {
  const bad = path
    .split('/')
    .some((name) => name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > LONGEST_NAME);
  if (bad || path.includes('\0') || path.includes('\\')) {
    throw new OutputError('unsafe-path', path, 'not a plain path below the snapshot');
  }
}
