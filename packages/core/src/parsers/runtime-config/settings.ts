import type { Place } from '../../model/evidence.ts';
import type { TomlEntry } from '../toml/index.ts';

/** A path that a configuration file names, and where. */
export interface ConfiguredPath extends Place {
  readonly path: string;
  readonly line: number;
}

/** Whether the path of an entry is the given one; `*` stands for any one name. */
export function hasPath({ path }: TomlEntry, pattern: readonly string[]): boolean {
  return path.length === pattern.length && pattern.every((name, at) => name === '*' || name === path[at]);
}

/** The paths an entry names: one as text, several as a list; empty texts mean "not set". */
export function pathsOf({ value, line }: TomlEntry): readonly ConfiguredPath[] {
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((path) => (typeof path === 'string' && path !== '' ? [{ path, line }] : []));
}
