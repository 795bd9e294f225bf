import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';

/** One file that `ls` listed on the way from the command to the program behind it. */
export interface IptablesPath extends Place {
  readonly path: string;
  /** Where a symbolic link points, as printed. Absent for a plain file. */
  readonly target?: string;
  /** What the name of the program at the end of the links stands for. Absent where it does not tell. */
  readonly backend?: 'legacy' | 'nft';
}

/** Mode, link count, owner, group, size, with the security mark some systems append to the mode. */
const FILE_LINE = /^[-bcdlps][-rwxsStT]{9}[.+@]?\s+\d+\s+\S+\s+\S+\s+\d+\s+/;
const DATE = /^(?:\d{4}-\d\d-\d\d\s+\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\s+[+-]\d{4})?|\S+\s+\S+\s+[\d:]+)\s/;
const LINE_LIMIT = 10_000;

/**
 * Reads `ls -al` of the iptables command and the files it links to:
 *
 * ```text
 * lrwxrwxrwx 1 root root 26 Jan 16  2023 /usr/sbin/iptables -> /etc/alternatives/iptables
 * lrwxrwxrwx 1 root root 22 Nov 21 10:08 /etc/alternatives/iptables -> /usr/sbin/iptables-nft
 *   → [{ path: '/usr/sbin/iptables', target: '/etc/alternatives/iptables', backend: 'nft', line: 1 },
 *      { path: '/etc/alternatives/iptables', target: '/usr/sbin/iptables-nft', backend: 'nft', line: 2 }]
 * ```
 *
 * The back end is that of the last file in reach: links are followed as far as the listing shows them.
 */
export function parseIptablesPath(text: string): Parsed<readonly IptablesPath[]> {
  const problems = new ProblemLog();
  const files: IptablesPath[] = [];
  for (const { number, text: line } of readableLinesOf(text, problems)) {
    if (/^total \d+$/.test(line)) continue;
    const name = nameOf(line);
    if (name === undefined) {
      problems.add({ line: number }, 'expected a line of "ls -al"', line);
      continue;
    }
    const arrow = line.startsWith('l') ? name.indexOf(' -> ') : -1;
    files.push(
      arrow < 0
        ? { path: name, line: number }
        : { path: name.slice(0, arrow), target: name.slice(arrow + 4), line: number },
    );
  }
  const byPath = new Map(files.map((file) => [file.path, file]));
  const value = files.map((file) => {
    const backend = backendOf(lastInReach(file, byPath));
    return backend === undefined ? file : { ...file, backend };
  });
  return { value, problems: problems.list() };
}

function nameOf(line: string): string | undefined {
  if (line.length > LINE_LIMIT) return undefined;
  const head = FILE_LINE.exec(line);
  if (head === null) return undefined;
  const rest = line.slice(head[0].length);
  const date = DATE.exec(rest);
  const name = date === null ? '' : rest.slice(date[0].length).trim();
  return name === '' ? undefined : name;
}

/** The path at the end of the links the listing shows; stops at a link that leads back to itself. */
function lastInReach(start: IptablesPath, byPath: ReadonlyMap<string, IptablesPath>): string {
  const seen = new Set<string>();
  let path = start.path;
  for (let file = byPath.get(path); file?.target !== undefined && !seen.has(path); file = byPath.get(path)) {
    seen.add(path);
    path = resolve(path, file.target);
  }
  return path;
}

/** Where a link target leads from the directory of the link. */
function resolve(path: string, target: string): string {
  const whole = target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/') + 1)}${target}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${whole.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/**
 * `xtables-multi` is the program of iptables before 1.8, which only knows legacy; its nf_tables twin of that time was
 * `xtables-compat-multi`.
 */
function backendOf(path: string): 'legacy' | 'nft' | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/nft|compat/.test(name)) return 'nft';
  if (name.includes('legacy') || name === 'xtables-multi') return 'legacy';
  return undefined;
}
