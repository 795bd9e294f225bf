import type { ReportFormat } from '../../format.ts';
import { groupByIssue } from '../../shared/issue-groups.ts';
import { summaryText } from '../../shared/summary-text.ts';
import { escapeHtml } from './escape.ts';

export const htmlFormat: ReportFormat = {
  id: 'html',
  title: 'HTML, one file for a browser',
  mediaType: 'text/html',
  extension: 'html',
  render(report, context) {
    const groups = groupByIssue(report.findings, context.issues);
    const items = groups.map(
      (group) => `<li>${escapeHtml(`${group.verdict} ${group.id} ${group.title}`)}</li>`,
    );
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>netvet report</title><p>${escapeHtml(summaryText(report, groups))}</p><ul>${items.join('')}</ul></html>\n`;
  },
};
