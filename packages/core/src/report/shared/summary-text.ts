import type { Report } from '../../model/report.ts';
import { SEVERITIES } from '../../model/severity.ts';
import type { IssueGroup } from './issue-groups.ts';
import { countOf } from './words.ts';

/** `2 affected (1 critical, 1 high), 37 not decided, 1 mitigated, 80 not affected.` */
export function summaryText({ summary }: Report, groups: readonly IssueGroup[]): string {
  const { affected, mitigated, unknown, notAffected } = summary;
  const detail = severityCounts(groups.filter(({ verdict }) => verdict === 'affected'));
  return `${affected} affected${detail}, ${unknown} not decided, ${mitigated} mitigated, ${notAffected} not affected.`;
}

/** ` (1 critical, 2 high)`; empty where there are no groups. */
export function severityCounts(groups: readonly IssueGroup[]): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = groups.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return counts.length === 0 ? '' : ` (${counts.join(', ')})`;
}

/** What was scanned, when, with what. */
export function sourceText({ source, catalogue, summary, netvet }: Report): string {
  const evaluated = summary.affected + summary.mitigated + summary.notAffected + summary.unknown;
  const taken = source.takenAt === undefined ? '' : `, taken ${source.takenAt}`;
  const issues = evaluated === catalogue.issues ? `${evaluated}` : `${evaluated} of ${catalogue.issues}`;
  return `Scanned: ${source.kind}, ${countOf(source.nodes, 'node')}${taken}. ${issues} known issues evaluated (catalogue ${catalogue.version}, netvet ${netvet}).`;
}

/** What the summary counts and the findings at hand do not show, as a filter leaves it out; empty where all is shown. */
export function hiddenText({ summary }: Report, groups: readonly IssueGroup[]): string {
  const hidden = (['affected', 'unknown', 'mitigated'] as const).flatMap((verdict) => {
    const left = summary[verdict] - groups.filter((one) => one.verdict === verdict).length;
    return left > 0 ? [`${left} ${verdict === 'unknown' ? 'not decided' : verdict}`] : [];
  });
  return hidden.length === 0 ? '' : `Not shown, by choice of verdict: ${hidden.join(', ')}.`;
}
