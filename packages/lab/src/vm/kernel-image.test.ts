import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKernelImage } from './kernel-image.ts';
import { modulesFor } from './modules.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netvet-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function unpacked(): void {
  write('boot/vmlinuz-6.1.0', 'kernel');
  write(
    'lib/modules/6.1.0/modules.dep',
    'kernel/a.ko:\nkernel/b.ko: kernel/a.ko\nkernel/my-c.ko: kernel/b.ko kernel/a.ko\n',
  );
  write('lib/modules/6.1.0/modules.builtin', 'kernel/overlay.ko\n');
  for (const name of ['a', 'b', 'my-c']) write(`lib/modules/6.1.0/kernel/${name}.ko`, name);
}

describe('a kernel image', () => {
  it('is a folder with a kernel and its modules', () => {
    unpacked();
    expect(openKernelImage(folder)).toMatchObject({
      release: '6.1.0',
      kernel: join(folder, 'boot/vmlinuz-6.1.0'),
      root: folder,
    });
  });

  it('gives modules after what they need, without those that are built in', () => {
    unpacked();
    const modules = modulesFor(openKernelImage(folder), ['my_c', 'overlay', 'a']);
    expect(modules.map(({ file }) => file)).toEqual(['a.ko', 'b.ko', 'my_c.ko']);
  });

  it('says which module it has not', () => {
    unpacked();
    expect(() => modulesFor(openKernelImage(folder), ['9p'])).toThrow('kernel 6.1.0 has no module 9p');
  });

  it.each([
    ['nothing there', () => join(folder, 'none'), 'there is no such file'],
    ['an empty folder', () => folder, 'no lib/modules in it'],
    [
      'a file that is no package',
      () => {
        write('kernel.deb', 'no package');
        return join(folder, 'kernel.deb');
      },
      'not a kernel package',
    ],
    [
      'modules without a kernel',
      () => {
        write('lib/modules/6.1.0/modules.dep', '');
        return folder;
      },
      'no vmlinuz of 6.1.0',
    ],
  ])('names what is wrong: %s', (_, make, message) => {
    expect(() => openKernelImage(make())).toThrow(message);
  });
});
