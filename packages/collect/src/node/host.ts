import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The machine that is looked at: a seam for tests, which look at a directory. */
export interface Host {
  readonly hostname: string;
  /** Release of the running kernel. */
  readonly release: string;
  readonly isRoot: boolean;
  /** Where files are read: `/`. */
  readonly root: string;
  /** Directories of programs, in order. */
  readonly searchPath: readonly string[];
  /** Port of kube-proxy's metrics on 127.0.0.1. */
  readonly proxyPort: number;
  sleep(seconds: number): Promise<void>;
}

/** Where programs stand that only administrators use; the PATH of others lacks them. */
export const PROGRAM_DIRECTORIES: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

/** This machine, as this process sees it. */
export function thisHost(): Host {
  const own = (process.env.PATH ?? '').split(':').filter((directory) => directory.startsWith('/'));
  return {
    hostname: hostname(),
    release: release(),
    isRoot: process.geteuid?.() === 0,
    root: '/',
    searchPath: [...new Set([...own, ...PROGRAM_DIRECTORIES])],
    proxyPort: 10249,
    async sleep(seconds) {
      await delay(seconds * 1000);
    },
  };
}

/** The place of a file of the host. */
export function onHost(host: Host, path: string): string {
  return join(host.root, path);
}

/** Full path of a program; undefined where there is none. */
export async function findProgram(host: Host, name: string): Promise<string | undefined> {
  for (const directory of host.searchPath) {
    const path = join(directory, name);
    try {
      await access(path, constants.X_OK);
      if ((await stat(path)).isFile()) return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
