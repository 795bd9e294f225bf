import type { SnapshotFile } from '@netvet/core';
import type { ArchiveEntry } from '../archive-entry.ts';
import { wholeText } from './whole-text.ts';

/**
 * Cuts a file into several. `sectionOf` says what begins at a line: a path in our layout, `undefined` for nothing of interest,
 * `'same'` when the section goes on. Each part starts with as many empty lines as stand before it, so that line numbers in
 * findings are those of the file.
 */
export async function* sectionsOf(
  entry: ArchiveEntry,
  sectionOf: (line: string) => string | undefined | 'same',
): AsyncGenerator<SnapshotFile> {
  const { text, damage } = await wholeText(entry);
  const parts = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const section = sectionOf(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (section !== 'same') {
      current = section === undefined ? undefined : (parts.get(section) ?? []);
      if (section !== undefined && current !== undefined) parts.set(section, current);
    }
    if (current === undefined) continue;
    while (current.length < index) current.push('');
    current.push(line);
  }
  for (const [path, lines] of parts) {
    yield {
      path,
      shownAs: entry.path,
      chunks: [Buffer.from(`${lines.join('\n')}\n`)],
      ...(damage === undefined ? {} : { damage: () => damage }),
    };
  }
}
