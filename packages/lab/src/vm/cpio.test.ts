import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { writeCpio } from './cpio.ts';

const archive = writeCpio([
  { path: 'bin' },
  { path: 'bin/tool', content: new TextEncoder().encode('#!/bin/sh\n'), isProgram: true },
  { path: 'odd', content: new TextEncoder().encode('12345') },
]);

it('ends at a multiple of four bytes', () => {
  expect(archive.length % 4).toBe(0);
});

it('is read by another implementation', () => {
  const { stdout } = spawnSync('busybox', ['cpio', '-tv'], { input: archive, encoding: 'utf8' });
  const listed = stdout
    .trim()
    .split('\n')
    .map((line) =>
      line.split(/\s+/).filter((_, index, words) => index === 0 || index === 2 || index === words.length - 1),
    );
  expect(listed).toEqual([
    ['drwxr-xr-x', '0', 'bin'],
    ['-rwxr-xr-x', '10', 'bin/tool'],
    ['-rw-r--r--', '5', 'odd'],
  ]);
});
