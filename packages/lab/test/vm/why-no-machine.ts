import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Why no machine can be started here with the kernel in a folder; undefined where it can. */
export function whyNoMachine(folder: string): string | undefined {
  if (!existsSync(join(folder, 'lib/modules'))) return 'tools/fetch-kernel.sh has fetched no kernel';
  const { error } = spawnSync('qemu-system-x86_64', ['--version'], { stdio: 'ignore' });
  return error === undefined ? undefined : 'needs qemu-system-x86_64';
}
