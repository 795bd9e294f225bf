import type { Report } from '../../../model/report.ts';
import type { ReportFormat } from '../../format.ts';
import { groupByIssue, type IssueGroup } from '../../shared/issue-groups.ts';
import { nothingFoundText } from '../../shared/nothing-found.ts';
import { hiddenText, sourceText, summaryText } from '../../shared/summary-text.ts';
import { addAffected } from './affected.ts';
import { addMitigated } from './mitigated.ts';
import { addNotAffected } from './not-affected.ts';
import { Page } from './page.ts';
import { painter } from './paint.ts';
import { addProblems } from './problems.ts';
import { addUndecided } from './undecided.ts';

/** For the terminal: by issue, worst first; what is not decided in sum; the result in the last lines. */
export const textFormat: ReportFormat = {
  id: 'text',
  title: 'Text, for the terminal',
  mediaType: 'text/plain',
  extension: 'txt',
  render(report, context) {
    const page = new Page(painter(context.colour), context.width);
    const groups = groupByIssue(report.findings, context.issues);
    const having = (verdict: IssueGroup['verdict']) => groups.filter((group) => group.verdict === verdict);
    for (const group of having('affected')) addAffected(page, group, report, context);
    const nothing = nothingFoundText(report);
    if (nothing !== undefined) page.text(nothing, { style: report.summary.unknown === 0 ? 'good' : 'bold' });
    // Also where other subjects are not decided: what keeps the harm away should not be taken away unaware.
    const shielded = groups.filter((group) => group.mitigated.length > 0 && group.affected.length === 0);
    addMitigated(page, shielded, report, context);
    addNotAffected(page, having('not-affected'), context);
    addUndecided(page, having('unknown'), report, context);
    addProblems(page, report, context);
    addSummary(page, report, groups);
    return page.toString();
  },
};

function addSummary(page: Page, report: Report, groups: readonly IssueGroup[]): void {
  page.gap();
  const hidden = hiddenText(report, groups);
  if (hidden !== '') page.text(hidden);
  page.text(sourceText(report), { style: 'dim' });
  page.text(`Result: ${summaryText(report, groups)}`, { style: 'bold' });
}
