import type { Evaluation } from '../../engine/evaluate.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { CoverageItem } from '../../model/coverage.ts';
import { REPORT_SCHEMA, type Report } from '../../model/report.ts';
import { SUBJECT_KINDS, type Subject } from '../../model/subject.ts';
import { missingCoverage } from './missing-coverage.ts';

export interface ReportInput {
  readonly evaluation: Evaluation;
  readonly snapshot: Snapshot;
  /** What was scanned, for example `evidence-directory`. */
  readonly kind: string;
  readonly nodes: number;
  /** Version of netvet. */
  readonly netvet: string;
  readonly catalogue: Report['catalogue'];
}

/** The report of an evaluation: contract section 3. The same input gives the same report, in the same order. */
export function buildReport({ evaluation, snapshot, kind, nodes, netvet, catalogue }: ReportInput): Report {
  const { findings } = evaluation;
  const cluster: Subject = { kind: 'cluster', name: snapshot.cluster ?? 'cluster' };
  const listed = snapshot.coverage.map((item) => onCluster(item, cluster));
  return {
    schema: REPORT_SCHEMA,
    netvet,
    catalogue,
    source: { kind, ...(snapshot.takenAt === undefined ? {} : { takenAt: snapshot.takenAt }), nodes },
    summary: summarize(evaluation),
    findings,
    coverage: [...listed, ...missingCoverage(findings, cluster, listed)].sort(compareItems),
  };
}

/** While a snapshot is read, its cluster has no name yet: the manifest may come last. */
function onCluster(item: CoverageItem, cluster: Subject): CoverageItem {
  return item.subject.kind === 'cluster' ? { ...item, subject: cluster } : item;
}

/** Files come in another order from an archive than from a directory; the report must not show it. */
function compareItems(left: CoverageItem, right: CoverageItem): number {
  return (
    SUBJECT_KINDS.indexOf(left.subject.kind) - SUBJECT_KINDS.indexOf(right.subject.kind) ||
    compareText(left.subject.name, right.subject.name) ||
    compareText(left.probe, right.probe) ||
    compareText(left.file ?? '', right.file ?? '') ||
    (left.line ?? 0) - (right.line ?? 0) ||
    compareText(left.status, right.status) ||
    compareText(left.reason ?? '', right.reason ?? '')
  );
}

/** By code unit: the same on every machine whatever its language. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function summarize({ verdicts }: Evaluation): Report['summary'] {
  const summary = { affected: 0, mitigated: 0, notAffected: 0, unknown: 0 };
  for (const verdict of verdicts.values()) summary[verdict === 'not-affected' ? 'notAffected' : verdict]++;
  return summary;
}
