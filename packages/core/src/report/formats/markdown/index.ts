import type { ReportFormat } from '../../format.ts';
import { groupByIssue, type IssueGroup } from '../../shared/issue-groups.ts';
import { nothingFoundText } from '../../shared/nothing-found.ts';
import { hiddenText, sourceText, summaryText } from '../../shared/summary-text.ts';
import { whereText } from '../../shared/where.ts';
import { affectedSection } from './affected.ts';
import { markdownCell, markdownText } from './escape.ts';
import { problemsSection } from './problems.ts';
import { mitigatedSection, notAffectedSection } from './shielded.ts';
import { markdownTable } from './table.ts';
import { undecidedSection } from './undecided.ts';

/** For tickets: the content and order of the text, with tables; nothing from evidence is read as markup. */
export const markdownFormat: ReportFormat = {
  id: 'markdown',
  title: 'Markdown, for tickets',
  mediaType: 'text/markdown',
  extension: 'md',
  render(report, context) {
    const groups = groupByIssue(report.findings, context.issues);
    const affected = groups.filter(({ verdict }) => verdict === 'affected');
    const notes = [nothingFoundText(report) ?? '', hiddenText(report, groups)].filter((note) => note !== '');
    const blocks = [
      '# netvet report',
      `**${markdownText(summaryText(report, groups))}**`,
      markdownText(sourceText(report)),
      ...notes.map((note) => markdownText(note)),
      ...(affected.length > 1 || context.quiet ? overview(affected, report.source.nodes) : []),
      ...(context.quiet ? [] : affected.flatMap((group) => affectedSection(group, report, context))),
      ...mitigatedSection(groups, report),
      ...notAffectedSection(groups),
      ...undecidedSection(groups, report, context),
      ...problemsSection(report, context),
    ];
    return `${blocks.join('\n\n')}\n`;
  },
};

function overview(groups: readonly IssueGroup[], nodes: number): readonly string[] {
  const rows = groups.map(({ severity, id, title, affected }) => [
    severity,
    markdownCell(id),
    markdownText(title),
    markdownText(whereText(affected, nodes)),
  ]);
  return rows.length === 0 ? [] : [markdownTable(['Severity', 'Issue', 'What', 'Where'], rows)];
}
