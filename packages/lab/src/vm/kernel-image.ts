import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../errors.ts';

/** A kernel that can be started, with its modules. */
export interface KernelImage {
  /** As `uname -r` will print it. */
  readonly release: string;
  /** The kernel file. */
  readonly kernel: string;
  /** Folder that has `lib/modules/RELEASE`. */
  readonly root: string;
  /** Removes what was unpacked. */
  close(): void;
}

/**
 * Opens a kernel package (`.deb`, `.rpm`) or a folder that one was unpacked into: a `vmlinuz` below `boot` or beside its modules, and
 * `lib/modules`. Nothing is written into a folder that was given.
 */
export function openKernelImage(path: string): KernelImage {
  if (!existsSync(path)) throw new LabError('bad-option', `${path}: there is no such file or folder`);
  if (statSync(path).isDirectory()) return inFolder(path, () => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'netvet-kernel-'));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    unpack(path, folder);
    const image = inFolder(folder, close);
    spawnSync('depmod', ['-b', image.root, image.release]);
    return image;
  } catch (error) {
    close();
    throw error;
  }
}

function unpack(path: string, folder: string): void {
  const command = path.endsWith('.rpm')
    ? ['sh', '-c', 'cd "$1" && rpm2cpio "$0" | cpio -idm --quiet', path, folder]
    : ['dpkg-deb', '-x', path, folder];
  const [program = '', ...words] = command;
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim();
  throw new LabError(
    'bad-option',
    `${path}: not a kernel package that can be unpacked here (${reason}); give the folder of an unpacked one`,
  );
}

function inFolder(folder: string, close: () => void): KernelImage {
  const base = ['', 'usr']
    .map((part) => join(folder, part))
    .find((root) => existsSync(join(root, 'lib/modules')));
  const releases = base === undefined ? [] : readdirSync(join(base, 'lib/modules'));
  const [release] = releases;
  if (base === undefined || release === undefined) {
    throw new LabError(
      'bad-option',
      `${folder}: no lib/modules in it; give a kernel package or the folder of an unpacked one`,
    );
  }
  if (releases.length > 1) {
    throw new LabError(
      'bad-option',
      `${folder}: modules of several kernels (${releases.join(', ')}); give a folder with one`,
    );
  }
  const kernel = [
    join(folder, 'boot', `vmlinuz-${release}`),
    join(folder, 'boot', 'vmlinuz'),
    join(base, 'lib/modules', release, 'vmlinuz'),
  ].find((file) => existsSync(file));
  if (kernel === undefined) throw new LabError('bad-option', `${folder}: no vmlinuz of ${release} in it`);
  return { release, kernel, root: base, close };
}
