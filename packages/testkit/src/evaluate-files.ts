import {
  ClusterSubject,
  type Evaluation,
  evaluate,
  type GivenFacts,
  type Issue,
  loadSnapshot,
  type SnapshotFile,
} from '@netvet/core';

/** Date of all cases whose evidence names none. */
export const CASE_DATE = '2026-11-20T12:00:00Z';

const encoder = new TextEncoder();

/** Evidence files for {@link loadSnapshot}, in the order given. */
export function snapshotFiles(files: Iterable<readonly [string, string]>): SnapshotFile[] {
  return [...files].map(([path, text]) => ({ path, chunks: [encoder.encode(text)] }));
}

/** Evaluates issues on evidence given as texts; every finding is kept, also the `not-affected` ones. */
export async function evaluateFiles(
  files: Iterable<readonly [string, string]>,
  issues: readonly Issue[],
  given?: GivenFacts,
): Promise<Evaluation> {
  const snapshot = await loadSnapshot(snapshotFiles(files));
  const cluster = new ClusterSubject(snapshot, { now: CASE_DATE, ...(given === undefined ? {} : { given }) });
  return evaluate(cluster, issues, { includeNotAffected: true });
}
