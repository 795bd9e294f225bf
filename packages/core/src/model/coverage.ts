import type { Subject } from './subject.ts';

/** How the attempt to get a probe's output ended. */
export const PROBE_STATUSES = [
  'ok',
  'empty',
  'failed',
  'not-permitted',
  'not-found',
  'timed-out',
  'truncated',
  'redacted',
  'not-in-this-format',
] as const;
export type ProbeStatus = (typeof PROBE_STATUSES)[number];

/** A piece of evidence that is missing, refused or damaged. */
export interface CoverageItem {
  readonly subject: Subject;
  /** Probe id, resource name or file name. */
  readonly probe: string;
  readonly status: ProbeStatus | 'not-collected' | 'damaged' | 'unknown-file' | 'refused';
  readonly file?: string;
  readonly line?: number;
  readonly reason?: string;
}
