import type { Evaluation } from '../../engine/evaluate.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { CoverageItem } from '../../model/coverage.ts';
import { REPORT_SCHEMA, type Report } from '../../model/report.ts';
import type { Subject } from '../../model/subject.ts';
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
    coverage: [...listed, ...missingCoverage(findings, cluster, listed)],
  };
}

/** While a snapshot is read, its cluster has no name yet: the manifest may come last. */
function onCluster(item: CoverageItem, cluster: Subject): CoverageItem {
  return item.subject.kind === 'cluster' ? { ...item, subject: cluster } : item;
}

function summarize({ verdicts }: Evaluation): Report['summary'] {
  const summary = { affected: 0, mitigated: 0, notAffected: 0, unknown: 0 };
  for (const verdict of verdicts.values()) summary[verdict === 'not-affected' ? 'notAffected' : verdict]++;
  return summary;
}
