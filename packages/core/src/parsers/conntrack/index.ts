import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { type ConntrackEntry, readEntry } from './entry.ts';

export type { ConntrackEntry, ConntrackTuple } from './entry.ts';

/** Counters of one processor. */
export interface ConntrackCpu extends Place {
  readonly cpu: number;
  readonly counters: ReadonlyMap<string, number>;
}

/** `conntrack -S`. */
export interface ConntrackStats {
  readonly cpus: readonly ConntrackCpu[];
  /** Each counter added up over all processors. */
  readonly totals: ReadonlyMap<string, number>;
}

const LINE_LIMIT = 10_000;

/** What conntrack says on standard error when all went well. */
const SUMMARY = /^conntrack v\S+ \(conntrack-tools\): \d+ flow entries have been shown\.$/;

/**
 * Reads `conntrack -L` (also with `-o extended`) and `/proc/net/nf_conntrack`:
 *
 * ```text
 * tcp      6 431998 ESTABLISHED src=192.168.0.100 dst=192.168.0.2 sport=45958 dport=30080
 *   src=10.244.1.11 dst=192.168.0.100 sport=8080 dport=45958 [ASSURED] mark=0 use=1        (all on one line)
 *   → { protocol: 'tcp', protocolNumber: 6, timeout: 431998, state: 'ESTABLISHED', flags: ['ASSURED'], mark: 0,
 *       original: { source: '192.168.0.100', destination: '192.168.0.2', sourcePort: 45958, destinationPort: 30080 },
 *       reply: { source: '10.244.1.11', … }, … }
 * ```
 */
export function parseConntrackList(text: string): Parsed<readonly ConntrackEntry[]> {
  const problems = new ProblemLog();
  const entries: ConntrackEntry[] = [];
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    if (content.length < LINE_LIMIT && SUMMARY.test(content)) continue;
    const entry = content.length > LINE_LIMIT ? undefined : readEntry(content, line);
    if (entry === undefined)
      problems.add({ line }, 'expected "PROTOCOL NUMBER … src=… dst=… src=… dst=…"', content);
    else entries.push(entry);
  }
  return { value: entries, problems: problems.list() };
}

/**
 * Reads `conntrack -S`:
 *
 * ```text
 * cpu=0   found=27 invalid=58 insert=0 insert_failed=3 drop=3 early_drop=0 error=0 search_restart=0
 *   → { cpus: [{ cpu: 0, counters: {found → 27, …}, line: 1 }], totals: {found → 27, …, insert_failed → 3, …} }
 * ```
 */
export function parseConntrackStats(text: string): Parsed<ConntrackStats> {
  const problems = new ProblemLog();
  const cpus: ConntrackCpu[] = [];
  const totals = new Map<string, number>();
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    const row = content.length > LINE_LIMIT ? undefined : readCpu(content, line);
    if (row === undefined) {
      problems.add({ line }, 'expected "cpu=N name=value …"', content);
      continue;
    }
    cpus.push(row);
    for (const [name, count] of row.counters) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  return { value: { cpus, totals }, problems: problems.list() };
}

function readCpu(content: string, line: number): ConntrackCpu | undefined {
  let cpu: number | undefined;
  const counters = new Map<string, number>();
  for (const word of content.trim().split(/\s+/)) {
    const match = /^(\w+)=(\d{1,20})$/.exec(word);
    if (match === null) return undefined;
    const name = match[1] ?? '';
    if (name === 'cpu') cpu = Number(match[2]);
    else counters.set(name, Number(match[2]));
  }
  return cpu === undefined ? undefined : { cpu, counters, line };
}
