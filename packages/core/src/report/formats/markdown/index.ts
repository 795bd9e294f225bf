import type { ReportFormat } from '../../format.ts';
import { groupByIssue, type IssueGroup } from '../../shared/issue-groups.ts';
import { sourceText, summaryText } from '../../shared/summary-text.ts';
import { markdownText } from './escape.ts';

export const markdownFormat: ReportFormat = {
  id: 'markdown',
  title: 'Markdown, for tickets',
  mediaType: 'text/markdown',
  extension: 'md',
  render(report, context) {
    const groups = groupByIssue(report.findings, context.issues);
    const lines = groups.map(
      (group: IssueGroup) => `- ${group.verdict}: ${markdownText(group.id)} ${markdownText(group.title)}`,
    );
    return `# netvet report\n\n${markdownText(summaryText(report, groups))}\n\n${markdownText(sourceText(report))}\n\n${lines.join('\n')}\n`;
  },
};
