import type { CoverageItem, ProbeStatus } from '../../model/coverage.ts';
import type { Probe } from '../../probes/probe.ts';
import type { ProbeRead } from '../reader.ts';

/** Text of one probe file as it came, before parsing. */
export interface ProbeText {
  /** Path for evidence, from the root of the snapshot. */
  readonly path: string;
  readonly text: string;
  /** Why the text is not the whole output, where it is not. */
  readonly damage?: string;
}

type DamageReport = (item: Omit<CoverageItem, 'subject'>) => void;

/** Parses probe texts, once for all nodes that have the same text in the same file. */
export class ProbeParser {
  readonly #known = new Map<
    string,
    { read: ProbeRead<unknown>; problems: readonly Omit<CoverageItem, 'subject'>[] }
  >();

  /** Parses `source`, which stands in `file` below its node, as `probe` (in JSON form if `json`). */
  parse(
    probe: Probe,
    json: boolean,
    file: string,
    source: ProbeText,
    report: DamageReport,
  ): ProbeRead<unknown> {
    const key = `${file}\n${source.damage ?? ''}\n${source.text}`;
    let entry = this.#known.get(key);
    if (entry === undefined) {
      entry = parseText(probe, json, file, source);
      this.#known.set(key, entry);
    }
    for (const problem of entry.problems) report({ ...problem, file: source.path });
    return entry.read;
  }
}

function parseText(probe: Probe, json: boolean, file: string, source: ProbeText) {
  const form = json && probe.json !== undefined ? probe.json : probe;
  const { value, problems } = form.parse(source.text);
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
  return { read: { state: 'read' as const, value, file, complete }, problems: damages };
}

/** The command a person would run for a probe, for the device or file `member`. */
export function probeCommand(probe: Probe, member: string): string {
  const source = probe.source;
  const fill = (text: string): string => text.replaceAll('*', member || '*');
  if (source === undefined) return `see ${fill(probe.file)} in the evidence directory`;
  if (source.kind === 'special') return fill(source.command);
  if (source.kind === 'command') return (source.commands[0] ?? []).map(fill).join(' ');
  return `cat ${fill(source.paths[0] ?? '').replace('{release}', '$(uname -r)')}`;
}

/** All probes of one network namespace of one node, parsed. */
export class ProbeSet {
  readonly #reads = new Map<string, ProbeRead<unknown>>();
  readonly #statuses = new Map<string, ProbeStatus>();
  readonly #missing = new Map<string, ProbeRead<never>>();

  /** Adds a parsed file under its probe and member; the JSON form wins over the text form. */
  add(probe: Probe, member: string, read: ProbeRead<unknown>, json: boolean): void {
    const key = keyOf(probe, member);
    if (json || !this.#reads.has(key)) this.#reads.set(key, read);
  }

  /** Remembers that a probe was tried and gave no file. */
  addStatus(probe: Probe, member: string, status: ProbeStatus): void {
    this.#statuses.set(keyOf(probe, member), status);
  }

  read<T>(probe: Probe<T>, member: string): ProbeRead<T> {
    const key = keyOf(probe, member);
    const read = this.#reads.get(key);
    if (read !== undefined) return read as ProbeRead<T>;
    let missing = this.#missing.get(key);
    if (missing === undefined) {
      missing = missingRead(probe, member, this.#statuses.get(key));
      this.#missing.set(key, missing);
    }
    return missing;
  }

  members(probe: Probe): readonly string[] {
    const prefix = `${probe.id}/`;
    const names: string[] = [];
    for (const key of this.#reads.keys()) if (key.startsWith(prefix)) names.push(key.slice(prefix.length));
    return names.filter((name) => name !== '').sort();
  }

  /** Probes that have neither a file nor a recorded attempt, or whose attempt failed. */
  status(probe: Probe, member = ''): ProbeStatus | 'not-collected' | 'read' {
    const key = keyOf(probe, member);
    if (this.#reads.has(key)) return 'read';
    return this.#statuses.get(key) ?? 'not-collected';
  }
}

function keyOf(probe: Probe, member: string): string {
  return `${probe.id}/${member}`;
}

const sharedMissing = new Map<string, ProbeRead<never>>();

/** One object per probe, member and status, so that nodes without a probe count as equal. */
function missingRead(probe: Probe, member: string, status: ProbeStatus | undefined): ProbeRead<never> {
  const key = `${keyOf(probe, member)}/${status ?? ''}`;
  let read = sharedMissing.get(key);
  if (read === undefined) {
    read = {
      state: 'missing',
      status: status ?? 'not-collected',
      missing: {
        fact: member === '' ? probe.title : `${probe.title} (${member})`,
        command: probeCommand(probe, member),
        where: 'node',
      },
    };
    sharedMissing.set(key, read);
  }
  return read;
}
