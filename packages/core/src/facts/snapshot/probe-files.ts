import { PROBES } from '../../probes/catalogue.ts';
import type { AnyProbe } from '../../probes/probe.ts';

/** The probe that a file belongs to. */
export interface ProbeFile {
  readonly probe: AnyProbe;
  /** Device, file or container name for families; number of the sample for repeated probes; else empty. */
  readonly member: string;
  readonly json: boolean;
}

const exact = new Map<string, ProbeFile>();
const families: { readonly start: string; readonly end: string; readonly probe: AnyProbe }[] = [];

for (const probe of PROBES) {
  const star = probe.file.indexOf('*');
  if (star < 0) exact.set(probe.file, { probe, member: '', json: false });
  else families.push({ start: probe.file.slice(0, star), end: probe.file.slice(star + 1), probe });
  if (probe.json !== undefined) exact.set(probe.json.file, { probe, member: '', json: true });
}

/**
 * Tells which probe made a file, from its path below the node's directory.
 * Several samples of one probe are numbered: `conntrack-stats.1.txt`.
 */
export function probeFileOf(file: string): ProbeFile | undefined {
  const found = exact.get(file);
  if (found !== undefined) return found;
  for (const { start, end, probe } of families) {
    if (file.length > start.length + end.length && file.startsWith(start) && file.endsWith(end)) {
      return { probe, member: file.slice(start.length, file.length - end.length), json: false };
    }
  }
  const sample = /^(.+)\.(\d+)\.txt$/.exec(file);
  const base = sample === null ? undefined : exact.get(`${sample[1]}.txt`);
  return base === undefined ? undefined : { ...base, member: sample?.[2] ?? '' };
}
