import type { Report } from '../../model/report.ts';
import { SEVERITIES } from '../../model/severity.ts';
import type { IssueGroup } from './issue-groups.ts';
import { countOf } from './words.ts';

/** `2 issues affect it (1 critical, 1 high), 1 mitigated, 37 not decided, 80 not affected.` */
export function summaryText({ summary }: Report, groups: readonly IssueGroup[]): string {
  const { affected, mitigated, unknown, notAffected } = summary;
  const severe = SEVERITIES.flatMap((severity) => {
    const count = groups.filter((one) => one.verdict === 'affected' && one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const detail = severe.length === 0 ? '' : ` (${severe.join(', ')})`;
  return `${affected} affected${detail}, ${unknown} not decided, ${mitigated} mitigated, ${notAffected} not affected.`;
}

/** What was scanned, when, with what. */
export function sourceText({ source, catalogue, summary, netvet }: Report): string {
  const evaluated = summary.affected + summary.mitigated + summary.notAffected + summary.unknown;
  const taken = source.takenAt === undefined ? '' : `, taken ${source.takenAt}`;
  const issues = evaluated === catalogue.issues ? `${evaluated}` : `${evaluated} of ${catalogue.issues}`;
  return `Scanned: ${source.kind}, ${countOf(source.nodes, 'node')}${taken}. ${issues} known issues evaluated (catalogue ${catalogue.version}, netvet ${netvet}).`;
}
