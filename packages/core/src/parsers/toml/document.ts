import { type Parsed, ProblemLog } from '../parsed.ts';
import { TomlCursor, TomlError } from './cursor.ts';
import { readKey, readValue } from './value.ts';

/** A value that stands behind a key. Dates and times stay text; inline tables are taken apart into entries. */
export type TomlValue = string | number | boolean | readonly TomlValue[];

/** One setting: the full path of its key, tables included. Tables of an array (`[[a]]`) have their index in the path. */
export interface TomlEntry {
  readonly path: readonly string[];
  readonly value: TomlValue;
  readonly line: number;
}

/** A table header, `[a.b]` or `[[a.b]]`. */
export interface TomlTable {
  readonly path: readonly string[];
  readonly line: number;
}

export interface ParsedToml {
  readonly entries: readonly TomlEntry[];
  readonly tables: readonly TomlTable[];
}

/**
 * Reads a TOML configuration file, setting by setting.
 *
 * ```toml
 * version = 2
 * [plugins."io.containerd.grpc.v1.cri".cni]
 *   bin_dir = "/opt/cni/bin"
 * ```
 * gives the entries `{ path: ['version'], value: 2, line: 1 }` and
 * `{ path: ['plugins', 'io.containerd.grpc.v1.cri', 'cni', 'bin_dir'], value: '/opt/cni/bin', line: 3 }`.
 *
 * A line that is not TOML becomes a problem and reading goes on with the next line. After a damaged table header
 * nothing is read up to the next one, since it is not known where its settings belong. A setting that stands twice is
 * a problem as well, and both are listed.
 */
export function parseToml(text: string): Parsed<ParsedToml> {
  const problems = new ProblemLog();
  const cursor = new TomlCursor(text);
  const entries: TomlEntry[] = [];
  const tables: TomlTable[] = [];
  const arrayLengths = new Map<string, number>();
  const seen = new Set<string>();
  let table: readonly string[] | undefined = [];

  for (cursor.skipBlank(); !cursor.atEnd(); cursor.skipBlank()) {
    const { line } = cursor;
    const isHeader = cursor.peek() === '[';
    try {
      if (isHeader) {
        table = readHeader(cursor, arrayLengths);
        tables.push({ path: table, line });
      } else if (table === undefined) {
        problems.add({ line }, 'a setting below a damaged table header', cursor.restOfLine());
        cursor.skipLine();
      } else {
        for (const entry of readSetting(cursor, table, line)) {
          const id = JSON.stringify(entry.path);
          if (seen.has(id)) problems.add({ line: entry.line }, `"${entry.path.at(-1)}" stands twice`);
          seen.add(id);
          entries.push(entry);
        }
      }
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      problems.add({ line: cursor.line }, `TOML syntax: ${error.message}`, cursor.restOfLine());
      if (isHeader) table = undefined;
      cursor.skipLine();
    }
  }
  return { value: { entries, tables }, problems: problems.list() };
}

function readHeader(cursor: TomlCursor, arrayLengths: Map<string, number>): readonly string[] {
  cursor.expect('[');
  const isArray = cursor.take('[');
  const written = readKey(cursor);
  cursor.expect(']');
  if (isArray) cursor.expect(']');
  cursor.endLine();
  const path = inLastTables(written.slice(0, -1), arrayLengths);
  path.push(written.at(-1) ?? '');
  const id = JSON.stringify(path);
  if (!isArray) {
    const length = arrayLengths.get(id);
    return length === undefined ? path : [...path, String(length - 1)];
  }
  const index = arrayLengths.get(id) ?? 0;
  arrayLengths.set(id, index + 1);
  return [...path, String(index)];
}

/** Below `[[a]]` the name `a.b` means `b` of the last table of `a`. */
function inLastTables(written: readonly string[], arrayLengths: ReadonlyMap<string, number>): string[] {
  const path: string[] = [];
  for (const name of written) {
    path.push(name);
    const length = arrayLengths.get(JSON.stringify(path));
    if (length !== undefined) path.push(String(length - 1));
  }
  return path;
}

function readSetting(cursor: TomlCursor, table: readonly string[], line: number): readonly TomlEntry[] {
  const key = readKey(cursor);
  cursor.expect('=');
  cursor.skipSpace();
  const entries: TomlEntry[] = [];
  const path = [...table, ...key];
  const value = readValue(cursor, path, entries, 0);
  cursor.endLine();
  if (value !== undefined) entries.push({ path, value, line });
  return entries;
}
