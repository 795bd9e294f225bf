import type { Report } from '../../../model/report.ts';
import type { ReportFormat } from '../../format.ts';
import { groupByIssue, type IssueGroup } from '../../shared/issue-groups.ts';
import { sourceText, summaryText } from '../../shared/summary-text.ts';
import { countOf } from '../../shared/words.ts';
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
    if (report.summary.affected === 0) addNothingFound(page, report);
    addMitigated(page, having('mitigated'), report, context);
    addNotAffected(page, having('not-affected'), context);
    addUndecided(page, having('unknown'), report, context);
    addProblems(page, report, context);
    addSummary(page, report, groups);
    return page.toString();
  },
};

/** That nothing was found says only as much as could be decided. */
function addNothingFound(page: Page, { summary }: Report): void {
  const { unknown, mitigated, notAffected } = summary;
  if (unknown === 0) {
    page.text('No known issue affects what was scanned.', { style: 'good' });
  } else if (mitigated + notAffected === 0) {
    page.text('Nothing could be decided: too little evidence to rule any known issue in or out.', {
      style: 'bold',
    });
  } else {
    page.text(`No known issue was found, but ${countOf(unknown, 'issue')} could not be ruled out.`, {
      style: 'bold',
    });
  }
}

function addSummary(page: Page, report: Report, groups: readonly IssueGroup[]): void {
  page.gap();
  page.text(sourceText(report), { style: 'dim' });
  page.text(`Result: ${summaryText(report, groups)}`, { style: 'bold' });
}
