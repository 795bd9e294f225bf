import { readdir } from 'node:fs/promises';
import { type Host, onHost } from './host.ts';
import type { Outcome } from './outcome.ts';
import { failure } from './read-limited.ts';

/**
 * The files that match a path with one `*` in its last part, sorted by name as bytes; hidden files are left out, as a
 * shell does. Gives why where the directory can not be read.
 */
export async function matchFiles(host: Host, pattern: string): Promise<readonly string[] | Outcome> {
  const slash = pattern.lastIndexOf('/');
  const directory = pattern.slice(0, slash);
  const [start = '', end = ''] = pattern.slice(slash + 1).split('*');
  try {
    const entries = await readdir(onHost(host, directory), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .filter((name) => !name.startsWith('.') && name.length >= start.length + end.length)
      .filter((name) => name.startsWith(start) && name.endsWith(end))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((name) => `${directory}/${name}`);
  } catch (error) {
    return failure(error);
  }
}
