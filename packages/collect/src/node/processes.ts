import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Host, onHost } from './host.ts';

/** A running program. */
export interface Process {
  readonly pid: number;
  /** Words of its command line. */
  readonly words: readonly string[];
}

/** Numbers of all processes that can be seen, in ascending order. */
export async function processIds(host: Host): Promise<readonly number[]> {
  const names = await readdir(onHost(host, '/proc')).catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Processes with a program's name, in order of their numbers; those in other process namespaces are left out: a node
 * of kind, or a container, has a kubelet of its own.
 */
export async function processesOf(host: Host, program: string): Promise<readonly Process[]> {
  const own = await processNamespace(host, 'self');
  const found: Process[] = [];
  for (const pid of await processIds(host)) {
    if ((await read(host, `/proc/${pid}/comm`)).trimEnd() !== program) continue;
    const namespace = await processNamespace(host, String(pid));
    if (own !== '' && namespace !== '' && namespace !== own) continue;
    const words = (await read(host, `/proc/${pid}/cmdline`)).split('\0').slice(0, -1);
    if (words.length > 0) found.push({ pid, words });
  }
  return found;
}

/** Value of the first of `flags` that a process of the program has: a path that is there. */
export async function flagOfProgram(
  host: Host,
  { program, flags }: { readonly program: string; readonly flags: readonly string[] },
): Promise<string | undefined> {
  for (const { words } of await processesOf(host, program)) {
    const path = flagOf(words, flags);
    // Docker runs a containerd of its own, which knows nothing of Kubernetes.
    if (path?.startsWith('/') === true && !path.includes('/docker/')) return path;
  }
  return undefined;
}

/** Value of the first of `flags` in a command line, as `--flag=value` or `--flag value`. */
export function flagOf(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    for (const flag of flags) {
      if (word === flag) return words[index + 1];
      if (word.startsWith(`${flag}=`)) return word.slice(flag.length + 1);
    }
  }
  return undefined;
}

async function processNamespace(host: Host, pid: string): Promise<string> {
  return readlink(onHost(host, `/proc/${pid}/ns/pid`)).catch(() => '');
}

async function read(host: Host, path: string): Promise<string> {
  return readFile(onHost(host, path), 'utf8').catch(() => '');
}
