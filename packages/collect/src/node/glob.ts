import { readdir } from 'node:fs/promises';
import { type Host, onHost } from './host.ts';
import type { Outcome } from './outcome.ts';
import { failure } from './read-limited.ts';

/**
 * The files that match a path with `*` in its last part, sorted by name as bytes; hidden files are left out, as a
 * shell does. Gives why where the directory can not be read.
 */
export async function matchFiles(host: Host, pattern: string): Promise<readonly string[] | Outcome> {
  const slash = pattern.lastIndexOf('/');
  const directory = pattern.slice(0, slash);
  const parts = pattern.slice(slash + 1).split('*');
  const named = new RegExp(
    `^${parts.map((part) => part.replace(/[.+?^$(){}|[\]\\]/g, '\\$&')).join('.*')}$`,
    's',
  );
  try {
    const entries = await readdir(onHost(host, directory), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .filter((name) => !name.startsWith('.') && named.test(name))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((name) => `${directory}/${name}`);
  } catch (error) {
    return failure(error);
  }
}
