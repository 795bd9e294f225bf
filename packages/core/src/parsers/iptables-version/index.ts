import type { Place } from '../../model/evidence.ts';
import { linesOf } from '../lines.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';

/** What `iptables -V` says of itself. */
export interface IptablesVersion extends Place {
  /** As printed, without the leading `v`. */
  readonly version: string;
  /** Kernel interface behind the command. Absent where the version alone does not decide it. */
  readonly backend?: 'legacy' | 'nft';
}

const VERSION_LINE = /^(?:ip6?|x|arp|eb)tables\S* v(\d[^\s,()]*)(?: \((legacy|nf_tables)\))?$/;

/**
 * Reads the output of `iptables -V`:
 *
 * ```text
 * iptables v1.8.7 (legacy)     → { version: '1.8.7', backend: 'legacy', line: 1 }
 * iptables v1.8.9 (nf_tables)  → { version: '1.8.9', backend: 'nft', line: 1 }
 * iptables v1.4.7              → { version: '1.4.7', backend: 'legacy', line: 1 }
 * ```
 *
 * The value is undefined when no line names a version. The first such line counts.
 */
export function parseIptablesVersion(text: string): Parsed<IptablesVersion | undefined> {
  const problems = new ProblemLog();
  let found: IptablesVersion | undefined;
  for (const { number, text: line } of linesOf(text)) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const match = trimmed.length > 200 ? null : VERSION_LINE.exec(trimmed);
    const version = match?.[1];
    if (version === undefined) {
      problems.add({ line: number }, 'expected "iptables v<version> (<back end>)"', line);
    } else if (found !== undefined) {
      problems.add({ line: number }, 'expected one version, this is a further one', line);
    } else {
      const backend = backendOf(version, match?.[2]);
      found = backend === undefined ? { version, line: number } : { version, backend, line: number };
    }
  }
  return { value: found, problems: problems.list() };
}

/**
 * The back end that a version and its suffix stand for. Before 1.8 there was no command of the same name
 * for nf_tables, so a missing suffix means legacy; from 1.8 on some builds leave it out.
 */
function backendOf(version: string, suffix: string | undefined): 'legacy' | 'nft' | undefined {
  if (suffix === 'nf_tables') return 'nft';
  if (suffix === 'legacy') return 'legacy';
  return isBefore18(version) ? 'legacy' : undefined;
}

/** Whether an iptables version is older than 1.8, the first release with two back ends. */
export function isBefore18(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return false;
  return major < 1 || (major === 1 && minor < 8);
}
