import type { CoverageItem, ProbeStatus } from '../../model/coverage.ts';
import { SharedLines } from '../../parsers/iproute2/shared-lines.ts';
import type { AnyProbe, Probe } from '../../probes/probe.ts';
import type { ProbeRead } from '../reader.ts';

/** Text of one probe file as it came, before parsing. */
export interface ProbeText {
  /** Path for evidence, from the root of the snapshot. */
  readonly path: string;
  readonly text: string;
  /** Why the text is not the whole output, where it is not. */
  readonly damage?: string;
}

interface ParsedText {
  readonly read: ProbeRead<unknown>;
  readonly problems: readonly Omit<CoverageItem, 'subject'>[];
}

type DamageReport = (item: Omit<CoverageItem, 'subject'>) => void;

/** Parses probe texts, once for all nodes that have the same text in the same file. */
export class ProbeParser {
  /** By file and damage, then by text: a key of both would be longer than a string can be, for the longest texts. */
  readonly #known = new Map<string, Map<string, ParsedText>>();
  readonly #lines = new Map<AnyProbe, SharedLines>();

  /** Parses `source`, which stands in `file` below its node, as `probe` (in JSON form if `json`). */
  parse(
    probe: Probe,
    json: boolean,
    file: string,
    source: ProbeText,
    report: DamageReport,
  ): ProbeRead<unknown> {
    const texts = inner(this.#known, `${file}\n${source.damage ?? ''}`);
    let entry = texts.get(source.text);
    if (entry === undefined) {
      entry = parseText(probe, json, file, source, this.#linesOf(probe));
      texts.set(source.text, entry);
    }
    for (const problem of entry.problems) report({ ...problem, file: source.path });
    return entry.read;
  }

  #linesOf(probe: AnyProbe): SharedLines {
    let lines = this.#lines.get(probe);
    if (lines === undefined) {
      lines = new SharedLines();
      this.#lines.set(probe, lines);
    }
    return lines;
  }
}

function parseText(
  probe: Probe,
  json: boolean,
  file: string,
  source: ProbeText,
  lines: SharedLines,
): ParsedText {
  const form = json && probe.json !== undefined ? probe.json : probe;
  const { value, problems } = form.parse(source.text, lines);
  const complete = problems.length === 0 && source.damage === undefined;
  const damages = problems.map((problem) => ({
    probe: probe.id,
    status: 'damaged' as const,
    ...(problem.line === undefined ? {} : { line: problem.line }),
    reason: problem.text === undefined ? problem.reason : `${problem.reason}: ${problem.text}`,
  }));
  if (source.damage !== undefined) {
    damages.unshift({ probe: probe.id, status: 'damaged', reason: source.damage });
  }
  const endsMidLine = form === probe && source.text !== '' && !source.text.endsWith('\n');
  return { read: { state: 'read' as const, value, file, complete, endsMidLine }, problems: damages };
}

/** The command a person would run for a probe, for the device or file `member`. */
function probeCommand(probe: Probe, member: string): string {
  const source = probe.source;
  const fill = (text: string): string => text.replaceAll('*', member || '*');
  if (source === undefined) return `see ${fill(probe.file)} in the evidence directory`;
  if (source.kind === 'special') return fill(source.command);
  if (source.kind === 'command') return (source.commands[0] ?? []).map(fill).join(' ');
  return `cat ${fill(source.paths[0] ?? '').replace('{release}', '$(uname -r)')}`;
}

type Status = ProbeStatus | 'not-collected';

/** All probes of one network namespace of one node, parsed. */
export class ProbeSet {
  readonly #reads = new Map<AnyProbe, Map<string, ProbeRead<unknown>>>();
  readonly #statuses = new Map<AnyProbe, Map<string, ProbeStatus>>();
  /** Answers for probes without members, which are asked for once per fact and node. */
  readonly #answers = new Map<AnyProbe, ProbeRead<unknown>>();

  /** Adds a parsed file under its probe and member; the JSON form wins over the text form. */
  add(probe: AnyProbe, member: string, read: ProbeRead<unknown>, json: boolean): void {
    this.#answers.delete(probe);
    const members = inner(this.#reads, probe);
    if (json || !members.has(member)) members.set(member, read);
  }

  /** Notes that the file a probe was read from is not the whole output. */
  markPartial(probe: AnyProbe, member: string, file: string): void {
    this.#answers.delete(probe);
    const members = inner(this.#reads, probe);
    const read = members.get(member);
    // Texts that are the same share what was parsed, so a partial one becomes an object of its own.
    if (read?.state === 'read' && read.file === file) members.set(member, { ...read, complete: false });
  }

  /** Remembers that a probe was tried and gave no file. */
  addStatus(probe: AnyProbe, member: string, status: ProbeStatus): void {
    this.#answers.delete(probe);
    inner(this.#statuses, probe).set(member, status);
  }

  read<T>(probe: Probe<T>, member: string): ProbeRead<T> {
    if (member !== '') return this.#find(probe, member);
    const known = this.#answers.get(probe);
    if (known !== undefined) return known as ProbeRead<T>;
    const answer = this.#find(probe, member);
    this.#answers.set(probe, answer);
    return answer;
  }

  #find<T>(probe: Probe<T>, member: string): ProbeRead<T> {
    const read = this.#reads.get(probe)?.get(member);
    if (read !== undefined) return read as ProbeRead<T>;
    return missingRead(probe, member, this.#statuses.get(probe)?.get(member) ?? 'not-collected');
  }

  /** Probes that have a file, or were tried in vain. */
  *probes(): Generator<AnyProbe> {
    yield* this.#reads.keys();
    yield* this.#statuses.keys();
  }

  /** Names of the members of a family that were read, sorted. */
  members(probe: AnyProbe): readonly string[] {
    return [...(this.#reads.get(probe)?.keys() ?? [])].filter((name) => name !== '').sort();
  }
}

function inner<K, V>(store: Map<K, Map<string, V>>, key: K): Map<string, V> {
  let members = store.get(key);
  if (members === undefined) {
    members = new Map();
    store.set(key, members);
  }
  return members;
}

const missingReads = new Map<AnyProbe, Map<string, Map<Status, ProbeRead<never>>>>();

/** One object per probe, member and status, so that nodes without a probe count as equal. */
function missingRead(probe: AnyProbe, member: string, status: Status): ProbeRead<never> {
  const byStatus = inner(missingReads, probe);
  let reads = byStatus.get(member);
  if (reads === undefined) {
    reads = new Map();
    byStatus.set(member, reads);
  }
  let read = reads.get(status);
  if (read === undefined) {
    const fact = member === '' ? probe.title : `${probe.title} (${member})`;
    read = {
      state: 'missing',
      status,
      missing: { fact, command: probeCommand(probe, member), where: 'node' },
    };
    reads.set(status, read);
  }
  return read;
}
