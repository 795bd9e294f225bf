import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';

/** A file in a directory of CNI plugins. */
export interface CniBinFile {
  readonly name: string;
  /** Type and permissions as `ls -l` prints them, for example `-rwxr-xr-x`. */
  readonly mode: string;
  readonly size?: number;
  /** Where a symbolic link points. */
  readonly target?: string;
  readonly line: number;
}

/** One directory of CNI plugins. */
export interface CniBinDirectory {
  readonly directory: string;
  readonly files: readonly CniBinFile[];
  /** The directory is not there. False also when it could not be read, which is a problem. */
  readonly missing: boolean;
  readonly line: number;
}

const HEADING = /^(\/.*):$/;
const TOTAL = /^total \S+$/;
const MODE = /^[-dlbcps][-rwxsStT]{9}[.+@]?$/;
const FAILURE = /(?:cannot access|cannot open directory|ls:) +['"‘]?(\/[^'"’]*?)['"’]?: (.+)$/;
const NOT_THERE = /no such file or directory/i;
const DAY = /^\d{4}-\d\d-\d\d$/;
const ZONE = /^[+-]\d{4}$/;
const LONGEST_LINE = 8192;

/**
 * Reads `ls -l` of each directory of CNI plugins under a heading with its path.
 *
 * ```text
 * /opt/cni/bin:
 * total 75000
 * -rwxr-xr-x 1 root root 4016001 Jan  1 12:00 bridge
 * ```
 * gives `[{ directory: '/opt/cni/bin', missing: false, files: [{ name: 'bridge', mode: '-rwxr-xr-x', size: 4016001, line: 3 }], line: 1 }]`.
 *
 * `ls: cannot access '/opt/cni/bin': No such file or directory` gives a directory that is `missing`.
 */
export function parseCniBin(text: string): Parsed<readonly CniBinDirectory[]> {
  const problems = new ProblemLog();
  const directories = new Map<
    string,
    { directory: string; files: CniBinFile[]; missing: boolean; line: number }
  >();
  const listed = new Set<string>();
  let current: string | undefined;
  const enter = (directory: string, line: number) => {
    const known = directories.get(directory) ?? { directory, files: [], missing: false, line };
    directories.set(directory, known);
    return known;
  };

  for (const { number, text: raw } of readableLinesOf(text, problems)) {
    const line = raw.trim().slice(0, LONGEST_LINE);
    const heading = HEADING.exec(line)?.[1];
    const [, failed, reason] = FAILURE.exec(line) ?? [];
    if (failed !== undefined && reason !== undefined) {
      listed.add(failed);
      const directory = enter(failed, number);
      if (NOT_THERE.test(reason)) directory.missing = true;
      else problems.add({ line: number }, 'the directory could not be listed', raw);
    } else if (heading !== undefined) {
      current = enter(heading, number).directory;
    } else if (TOTAL.test(line)) {
      if (current !== undefined) listed.add(current);
    } else {
      const file = readFile(line, number);
      if (file === undefined || current === undefined) {
        problems.add({ line: number }, 'not a line of ls -l below the heading of a directory', raw);
        continue;
      }
      listed.add(current);
      if (file.name !== '.' && file.name !== '..') enter(current, number).files.push(file);
    }
  }
  for (const { directory, line } of directories.values()) {
    // Even for an empty directory ls prints a total.
    if (!listed.has(directory)) problems.add({ line }, 'a directory without a listing', directory);
  }
  return { value: [...directories.values()], problems: problems.list() };
}

function readFile(text: string, line: number): CniBinFile | undefined {
  const words = [...text.matchAll(/\S+/g)];
  const mode = words[0]?.[0];
  if (mode === undefined || !MODE.test(mode)) return undefined;
  // Device files have two numbers, "8, 0", where others have the size.
  const size = words[4]?.[0];
  const date = size?.endsWith(',') ? 6 : 5;
  const isDay = DAY.test(words[date]?.[0] ?? '');
  const afterIso = ZONE.test(words[date + 2]?.[0] ?? '') ? 3 : 2;
  const start = words[date + (isDay ? afterIso : 3)]?.index;
  if (start === undefined) return undefined;
  const shown = text.slice(start);
  const arrow = mode.startsWith('l') ? shown.indexOf(' -> ') : -1;
  return {
    name: arrow < 0 ? shown : shown.slice(0, arrow),
    mode,
    ...(size !== undefined && /^\d+$/.test(size) ? { size: Number(size) } : {}),
    ...(arrow < 0 ? {} : { target: shown.slice(arrow + 4) }),
    line,
  };
}
