import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject } from '../tool-output/index.ts';

/** An assignment in a section. */
export interface IniEntry {
  readonly key: string;
  /** May be empty, which takes back what was set before. */
  readonly value: string;
  readonly line: number;
}

/** A section; the same name may come several times, and each is kept. */
export interface IniSection extends Place {
  readonly name: string;
  readonly entries: readonly IniEntry[];
}

interface SectionDraft extends IniSection {
  readonly line: number;
  readonly entries: IniEntry[];
}

/**
 * Reads the files of systemd-networkd (`.network`, `.netdev`, `.link`, `networkd.conf`) and of NetworkManager.
 *
 * ```text
 * # keep networkd off the devices of Calico
 * [Match]
 * Name=cali* vxlan.calico
 *
 * [Link]
 * Unmanaged=yes
 * ```
 * gives `[{ name: 'Match', line: 2, entries: [{ key: 'Name', value: 'cali* vxlan.calico', line: 3 }] }, { name: 'Link', … }]`.
 * A line that ends in `\` goes on in the next one, as systemd reads it. Keys keep the `+` and `-` of NetworkManager.
 */
export function parseNetworkdFile(text: string): Parsed<readonly IniSection[]> {
  const problems = new ProblemLog();
  const sections: SectionDraft[] = [];
  let begun: { line: number; parts: string[] } | undefined;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    if (/^\s*[#;]/.test(content)) continue;
    const isContinued = content.endsWith('\\');
    const part = isContinued ? content.slice(0, -1) : content;
    if (begun === undefined) begun = { line, parts: [part] };
    else begun.parts.push(part);
    if (isContinued) continue;
    readLine(sections, begun.parts.join(' ').trim(), begun.line, problems);
    begun = undefined;
  }
  if (begun !== undefined) readLine(sections, begun.parts.join(' ').trim(), begun.line, problems);
  return { value: sections, problems: problems.list() };
}

function readLine(sections: SectionDraft[], text: string, line: number, problems: ProblemLog): void {
  if (text.startsWith('[') && text.endsWith(']') && text.length > 2) {
    sections.push({ name: text.slice(1, -1), line, entries: [] });
    return;
  }
  const equals = text.indexOf('=');
  const section = sections.at(-1);
  if (equals <= 0) reject(problems, { line }, 'expected a section or an assignment', text);
  else if (section === undefined) problems.add({ line }, 'assignment before the first section', text);
  else
    section.entries.push({ key: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim(), line });
}
