import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { LabError } from '../errors.ts';

const PLACES = ['/bin/busybox', '/usr/bin/busybox', '/sbin/busybox', '/usr/sbin/busybox'];

/**
 * The host's busybox for a root of its own: the program as `bin/busybox` and `bin/sh`, with the loader and the libraries that it asks
 * for, if any. Throws a `LabError` where there is none.
 */
export function busyboxFiles(): ReadonlyMap<string, Uint8Array> {
  const program = PLACES.find((file) => existsSync(file));
  if (program === undefined) throw new LabError('missing-tool', 'busybox is not here; install busybox');
  const content = readFileSync(program);
  const files = new Map<string, Uint8Array>([
    ['bin/busybox', content],
    ['bin/sh', content],
  ]);
  for (const library of librariesOf(program)) files.set(library.slice(1), readFileSync(library));
  return files;
}

/** `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)`; nothing of a static program. */
function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
}
