import type { Report } from '../../../model/report.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { namesOf, whereText } from '../../shared/where.ts';
import { markdownCell, markdownText } from './escape.ts';
import { markdownTable } from './table.ts';

/** The blocks about issues that a setting or work-around keeps from doing harm. */
export function mitigatedSection(groups: readonly IssueGroup[], { source }: Report): readonly string[] {
  const shielded = groups.filter((group) => group.mitigated.length > 0 && group.affected.length === 0);
  if (shielded.length === 0) return [];
  const rows = shielded.map(({ severity, id, mitigated, unknown }) => {
    const shield = mitigated[0]?.because.at(-1);
    return [
      severity,
      markdownCell(id),
      `${markdownText(whereText(mitigated, source.nodes))}${unknown.length === 0 ? '' : `; not decided on ${markdownCell(namesOf(unknown, false))}`}`,
      shield === undefined ? '' : `${markdownText(shield.condition)}: ${markdownCell(shield.value)}`,
    ];
  });
  return [
    '## Mitigated',
    'The preconditions hold, and something prevents the harm. Keep it so.',
    markdownTable(['Severity', 'Issue', 'Where', 'Because'], rows),
  ];
}

/** The blocks about issues that are ruled out; only in the report when asked for. */
export function notAffectedSection(groups: readonly IssueGroup[]): readonly string[] {
  const ruledOut = groups.filter(({ verdict }) => verdict === 'not-affected');
  if (ruledOut.length === 0) return [];
  const rows = ruledOut.map(({ id, notAffected }) => {
    const [reason] = notAffected[0]?.because ?? [];
    return [
      markdownCell(id),
      reason === undefined ? '' : `${markdownText(reason.condition)}: ${markdownCell(reason.value)}`,
      notAffected.length === 1 ? '' : `the first of ${notAffected.length}`,
    ];
  });
  return ['## Not affected', markdownTable(['Issue', 'Ruled out by', 'Subjects'], rows)];
}
