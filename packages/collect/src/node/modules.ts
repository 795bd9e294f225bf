import { readFile, stat } from 'node:fs/promises';
import { type Host, onHost } from './host.ts';

/** Directories that may hold the modules of a kernel release. */
export const MODULE_DIRECTORIES: readonly string[] = ['/lib/modules', '/usr/lib/modules'];

/**
 * Whether a module is known to be neither loaded nor part of the kernel. False where that is not sure: without the list
 * of modules in the kernel, and where the kernel loads no modules at all.
 */
export async function isModuleAbsent(host: Host, module: string): Promise<boolean> {
  if (await exists(host, `/sys/module/${module}`)) return false;
  if (!(await exists(host, '/proc/modules'))) return false;
  for (const directory of MODULE_DIRECTORIES) {
    try {
      const path = onHost(host, `${directory}/${host.release}/modules.builtin`);
      const builtin = await readFile(path, 'utf8');
      return !builtin.replaceAll('-', '_').includes(`/${module}.ko`);
    } catch {
      // Perhaps in the other place.
    }
  }
  return false;
}

export async function exists(host: Host, path: string): Promise<boolean> {
  try {
    await stat(onHost(host, path));
    return true;
  } catch {
    return false;
  }
}
