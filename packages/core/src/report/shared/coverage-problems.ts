import type { CoverageItem } from '../../model/coverage.ts';
import type { Subject } from '../../model/subject.ts';

/** Files of several subjects that have the same trouble. */
export interface CoverageProblem {
  readonly probe: string;
  readonly status: CoverageItem['status'];
  readonly reason?: string;
  readonly subjects: readonly Subject[];
  /** File and line of the first. */
  readonly file?: string;
  readonly line?: number;
}

/** There was an answer, or nothing to ask: no trouble. */
const HARMLESS: ReadonlySet<CoverageItem['status']> = new Set(['ok', 'empty', 'not-found', 'not-collected']);

/** What was damaged, refused or failed: each trouble once, with all its subjects, in the order of the coverage. */
export function coverageProblems(coverage: readonly CoverageItem[]): readonly CoverageProblem[] {
  const problems = new Map<string, CoverageProblem & { subjects: Subject[] }>();
  for (const { subject, probe, status, file, line, reason } of coverage) {
    if (HARMLESS.has(status)) continue;
    const key = JSON.stringify([probe, status, line, reason]);
    const known = problems.get(key);
    if (known !== undefined) {
      known.subjects.push(subject);
      continue;
    }
    problems.set(key, {
      probe,
      status,
      subjects: [subject],
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return [...problems.values()];
}

/** How many pieces of evidence were not collected although an undecided issue asks for them. */
export function countNotCollected(coverage: readonly CoverageItem[]): number {
  return coverage.filter(({ status }) => status === 'not-collected').length;
}
