import { BASES, type Basis, type Finding, type Verdict } from '../../model/finding.ts';
import type { Issue } from '../../model/issue.ts';
import { SEVERITIES, type Severity } from '../../model/severity.ts';

/** All findings of one issue. */
export interface IssueGroup {
  readonly id: string;
  readonly severity: Severity;
  /** The title of the entry, or the id where the catalogue at hand has no such entry. */
  readonly title: string;
  readonly issue: Issue | undefined;
  /** The worst of the findings: affected, unknown, mitigated, not-affected. */
  readonly verdict: Verdict;
  /** The surest of the affected findings. */
  readonly basis: Basis | undefined;
  readonly affected: readonly Finding[];
  readonly unknown: readonly Finding[];
  readonly mitigated: readonly Finding[];
  readonly notAffected: readonly Finding[];
}

/** Findings by issue, worst first: by severity, then the surest basis, then the id. */
export function groupByIssue(
  findings: readonly Finding[],
  issues: ReadonlyMap<string, Issue>,
): readonly IssueGroup[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = byId.get(finding.issue);
    if (known === undefined) byId.set(finding.issue, [finding]);
    else known.push(finding);
  }
  return [...byId].map(([id, own]) => groupOf(id, own, issues.get(id))).sort(compareGroups);
}

function groupOf(id: string, findings: readonly Finding[], issue: Issue | undefined): IssueGroup {
  const by = (verdict: Verdict): readonly Finding[] => findings.filter((one) => one.verdict === verdict);
  const affected = by('affected');
  const unknown = by('unknown');
  const mitigated = by('mitigated');
  return {
    id,
    severity: findings[0]?.severity ?? 'info',
    title: issue?.title ?? id,
    issue,
    verdict:
      affected.length > 0
        ? 'affected'
        : unknown.length > 0
          ? 'unknown'
          : mitigated.length > 0
            ? 'mitigated'
            : 'not-affected',
    basis: BASES.find((basis) => affected.some((one) => one.basis === basis)),
    affected,
    unknown,
    mitigated,
    notAffected: by('not-affected'),
  };
}

function compareGroups(left: IssueGroup, right: IssueGroup): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    rankOf(left.basis) - rankOf(right.basis) ||
    (left.id < right.id ? -1 : 1)
  );
}

function rankOf(basis: Basis | undefined): number {
  return basis === undefined ? BASES.length : BASES.indexOf(basis);
}
