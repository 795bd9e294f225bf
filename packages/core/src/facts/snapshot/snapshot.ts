import type { CoverageItem } from '../../model/coverage.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { ContainerLog } from '../reader.ts';
import type { ObjectList } from './object-store.ts';
import type { ProbeSet } from './probe-set.ts';

/** Everything collected on one node. */
export interface NodeEvidence {
  readonly name: string;
  /** Directory of the node in the snapshot, with a slash at the end: `nodes/n1/`. */
  readonly directory: string;
  readonly host: ProbeSet;
  readonly namespaces: ReadonlyMap<string, ProbeSet>;
}

/** All evidence of one cluster, or one host, at one time: parsed, with the place of every part. */
export interface Snapshot {
  readonly manifest?: Manifest;
  readonly cluster?: string;
  /** ISO 8601; undefined where nobody wrote it down. */
  readonly takenAt?: string;
  /** Nodes with evidence of their own, in order of name. */
  readonly nodes: readonly NodeEvidence[];
  readonly objects: ReadonlyMap<string, ObjectList>;
  readonly logs: readonly ContainerLog[];
  /** Real paths of files that stand elsewhere than in our own layout, as in bundles of other tools. */
  readonly shownPaths?: ReadonlyMap<string, string>;
  /** What was damaged, refused, unknown or tried in vain. */
  readonly coverage: readonly CoverageItem[];
}
