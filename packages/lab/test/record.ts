import { type Cause, loadSnapshot, Network } from '@netvet/core';
import type { Outcome } from '../src/agents/protocol.ts';
import type { Flow } from '../src/check/flows.ts';
import { type Judgement, judge } from '../src/check/judge.ts';
import type { LabOptions } from '../src/cluster/options.ts';

/** A lab that was built, checked, broken and mended on a real kernel: its evidence, and what became of the packets. */
export interface LabRecord {
  readonly options: LabOptions;
  /** As `uname -r` printed it. */
  readonly kernel: string;
  readonly files: Readonly<Record<string, string>>;
  readonly sent: readonly Sent[];
  readonly faults: readonly FaultRecord[];
}

/** A flow, and what really became of it. */
export interface Sent {
  readonly flow: Flow;
  readonly outcome: Outcome;
}

/** What a fault did to a lab that was well. */
export interface FaultRecord {
  readonly id: string;
  /** Evidence that was not the same as without the fault. */
  readonly changed: Readonly<Record<string, string>>;
  readonly sent: readonly Sent[];
  /** The cause that the diagnosis named, if it named the right one. */
  readonly cause?: Cause;
  /** The same flows after the remedy. */
  readonly mended: readonly Sent[];
}

/** Compares what became of each flow with what the walk says of the evidence. */
export async function judgeSent(
  files: Readonly<Record<string, string>>,
  sent: readonly Sent[],
): Promise<readonly Judgement[]> {
  const chunks = Object.entries(files).map(([path, text]) => ({ path, chunks: [Buffer.from(text)] }));
  const network = new Network(await loadSnapshot(chunks));
  return sent.map(({ flow, outcome }) => judge(network, flow, outcome));
}

/**
 * The same record without what no walk reads and what only changes with time: kernel settings, which are the larger part, and
 * counters.
 */
export function shortened(record: LabRecord): LabRecord {
  const files = lasting(record.files);
  return {
    ...record,
    files,
    faults: record.faults.map((fault) => ({ ...fault, changed: differing(lasting(fault.changed), files) })),
  };
}

/** Files that are not the same as others by the same path. */
export function differing(
  files: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path, text]) => others[path] !== text));
}

const READ_SETTINGS = /^net\.(ipv4\.(conf|ip_|vs|fwmark)|bridge)/;

function lasting(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, lastingPart(path, text)]));
}

function lastingPart(path: string, text: string): string {
  if (path.endsWith('/sysctl.txt'))
    return text.replaceAll(/^.*\n/gm, (line) => (READ_SETTINGS.test(line) ? line : ''));
  if (path.endsWith('-save.txt'))
    return text.replaceAll(/^\[\d+:\d+\] |(?<=^#.*) on .*$|(?<=^:.*) \[\d+:\d+\]$/gm, '');
  if (path.endsWith('/nft-ruleset.json'))
    return text.replaceAll(/("packets"|"bytes"|"handle"): \d+/g, '$1: 0');
  return text;
}
