import type { ProbeStatus } from './coverage.ts';

export const SNAPSHOT_SCHEMA = 'netvet.dev/snapshot/v1';

/** `manifest.json` of a snapshot: what was collected when, and how each attempt ended. */
export interface Manifest {
  readonly schema: typeof SNAPSHOT_SCHEMA;
  /** ISO 8601 time. */
  readonly takenAt: string;
  readonly netvet: string;
  /** Name of the cluster; absent for a lone host. */
  readonly cluster?: string;
  readonly entries: readonly ManifestEntry[];
}

export interface ManifestEntry {
  /** Path inside the snapshot; the file is absent where nothing was obtained. */
  readonly path: string;
  readonly probe: string;
  readonly status: ProbeStatus;
  readonly command?: string;
  readonly request?: string;
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly bytes?: number;
  readonly sha256?: string;
  /** What was taken out, for example `{ "kind": "token", "count": 2 }`. */
  readonly redactions?: readonly { readonly kind: string; readonly count: number }[];
  readonly message?: string;
}
