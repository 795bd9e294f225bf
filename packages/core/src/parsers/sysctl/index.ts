import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/** Kernel settings by dotted name, `net.ipv4.ip_forward`. A name that stands several times has its last value. */
export type Sysctls = ReadonlyMap<string, { readonly value: string; readonly line: number }>;

/** Names hold no white space; a name without a separator is not a kernel setting. */
const NAME = /^[A-Za-z0-9_*][^\s:]*[./][^\s:]+$/;
const LONGEST_NAME = 512;

/**
 * Reads `sysctl -a`, any part of it, and the files of `/etc/sysctl.d`.
 *
 * ```text
 * net.ipv4.conf.all.rp_filter = 1
 * net/ipv4/conf/eth0.100/rp_filter=0
 * ```
 * gives `net.ipv4.conf.all.rp_filter` → `{ value: '1', line: 1 }` and `net.ipv4.conf.eth0.100.rp_filter` → `{ value: '0', line: 2 }`.
 *
 * A dot inside an interface name is printed as a slash where dots separate, and the other way round
 * (sysctl.d(5)), so both spellings of a name come out the same.
 */
export function parseSysctl(text: string): Parsed<Sysctls> {
  const problems = new ProblemLog();
  const settings = new Map<string, { value: string; line: number }>();
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    const start = line.trimStart();
    if (start.startsWith('#') || start.startsWith(';')) continue;
    const equals = start.indexOf('=');
    // A leading dash in a sysctl.d file only says that a failure to write is ignored.
    const name = start.slice(start.startsWith('-') ? 1 : 0, Math.max(equals, 0)).trimEnd();
    if (equals < 0 || name.length > LONGEST_NAME || !NAME.test(name)) {
      problems.add({ line: number }, 'not a setting "name = value"', line);
      continue;
    }
    settings.set(name.replaceAll('/', '.'), { value: start.slice(equals + 1).trim(), line: number });
  }
  return { value: settings, problems: problems.list() };
}
