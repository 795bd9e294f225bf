import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/** What `uname` says of the running kernel. Only `release` is always there. */
export interface Uname extends Place {
  /** `Linux`; another system's name where the text is not of a Linux host; absent for a bare release line. */
  readonly sysname?: string;
  readonly nodename?: string;
  /** For example `5.14.0-427.13.1.el9_4.x86_64`. */
  readonly release: string;
  /** The build text, for example `#1 SMP PREEMPT_DYNAMIC Wed May 1 19:11:28 UTC 2024`. */
  readonly version?: string;
  /** The machine's hardware name, for example `x86_64` or `aarch64`. */
  readonly machine?: string;
}

const SYSTEMS = new Set(['Linux', 'FreeBSD', 'OpenBSD', 'NetBSD', 'DragonFly', 'Darwin', 'SunOS', 'AIX']);
const OPERATING_SYSTEMS = new Set(['GNU/Linux', 'Linux', 'Android', 'Toybox']);
const RELEASE = /^\d+\.\d+\S*$/;
const MACHINE =
  /^(?:x86_64|amd64|i[3-6]86|i86pc|aarch64(?:_be)?|arm64|arm|armv\w+|ppc(?:64)?(?:le)?|s390x?|riscv(?:32|64)|mips\w*|loongarch(?:32|64)|sparc(?:64)?|ia64)$/;
/** A shell prompt, or the `COMMAND> uname -a` banner of foreman-debug. */
const ECHOED_COMMAND = /^\S{0,80}[>$#+]\s*uname\b/;

/**
 * Reads `uname -a` or a bare `uname -r` line.
 *
 * ```text
 * Linux n1 5.4.0-42-generic #46-Ubuntu SMP Fri Jul 10 00:24:02 UTC 2020 x86_64 x86_64 x86_64 GNU/Linux
 * ```
 * gives `{ sysname: 'Linux', nodename: 'n1', release: '5.4.0-42-generic', version: '#46-Ubuntu SMP …', machine: 'x86_64', line: 1 }`.
 * The first kernel line counts; `undefined` when there is none.
 */
export function parseUname(text: string): Parsed<Uname | undefined> {
  const problems = new ProblemLog();
  let found: Uname | undefined;
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    if (ECHOED_COMMAND.test(line)) continue;
    const uname = readLine(line, number);
    if (uname === undefined) problems.add({ line: number }, 'not a line of uname', line);
    else if (found === undefined) found = uname;
    else if (uname.release !== found.release)
      problems.add({ line: number }, 'a second, different kernel release', line);
  }
  return { value: found, problems: problems.list() };
}

function readLine(text: string, line: number): Uname | undefined {
  const [sysname, second, third, ...others] = text.trim().split(/\s+/);
  if (sysname === undefined) return undefined;
  if (second === undefined) return RELEASE.test(sysname) ? { release: sysname, line } : undefined;
  if (!SYSTEMS.has(sysname)) return undefined;
  if (third !== undefined && RELEASE.test(third)) {
    return { sysname, nodename: second, release: third, ...versionAndMachine(others), line };
  }
  if (!RELEASE.test(second)) return undefined;
  return {
    sysname,
    release: second,
    ...versionAndMachine(third === undefined ? [] : [third, ...others]),
    line,
  };
}

/**
 * Splits what follows the release. The build text may hold any number of words, so the end is read backwards: the name
 * of the operating system, then up to three hardware names (machine, processor, platform), of which the last two are
 * printed only by some builds of uname.
 */
function versionAndMachine(words: readonly string[]): { version?: string; machine?: string } {
  let end = words.length;
  const last = words[end - 1];
  if (last !== undefined && OPERATING_SYSTEMS.has(last)) end--;
  let first = end;
  while (first > 0 && end - first < 3) {
    const word = words[first - 1];
    if (word === undefined || !(MACHINE.test(word) || word === 'unknown')) break;
    first--;
  }
  const machine = words[first];
  const version = words.slice(0, first).join(' ');
  return {
    ...(version === '' ? {} : { version }),
    ...(first < end && machine !== undefined && machine !== 'unknown' ? { machine } : {}),
  };
}
