import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import { type CoverageProblem, countNotCollected, coverageProblems } from '../../shared/coverage-problems.ts';
import { namesText } from '../../shared/where.ts';
import { countOf, subjectText } from '../../shared/words.ts';
import type { Page } from './page.ts';

const FEW = 10;

/** Evidence that was damaged, refused or not understood, by file, line and reason. */
export function addProblems(page: Page, report: Report, context: ReportContext): void {
  const problems = coverageProblems(report.coverage);
  const absent = countNotCollected(report.coverage);
  if (problems.length > 0) {
    page.gap();
    page.text(`Evidence with problems: ${problems.length}. What depends on it is not decided.`, {
      style: 'bold',
    });
    if (!context.quiet) addList(page, problems, context.verbose);
  }
  if (absent > 0 && !context.quiet) {
    page.gap();
    page.text(
      `${countOf(absent, 'piece')} of evidence that undecided issues ask for ${absent === 1 ? 'was' : 'were'} not collected.`,
      { style: 'dim' },
    );
  }
}

function addList(page: Page, problems: readonly CoverageProblem[], whole: boolean): void {
  const shown = whole ? problems : problems.slice(0, FEW);
  for (const { probe, status, reason, subjects, file, line } of shown) {
    const place = file === undefined ? probe : `${file}${line === undefined ? '' : `:${line}`}`;
    page.text(`${place}: ${status}${reason === undefined ? '' : `, ${reason}`}`, { indent: 2, hang: 2 });
    const [first] = subjects;
    if (first !== undefined && subjects.length > 1) {
      page.text(`the same on ${namesText(subjects, whole)}`, { indent: 4, hang: 2, style: 'dim' });
    } else if (first !== undefined && file === undefined) {
      page.text(`of ${subjectText(first)}`, { indent: 4, style: 'dim' });
    }
  }
  if (shown.length < problems.length) {
    page.text(`and ${problems.length - shown.length} more (--verbose shows them)`, {
      indent: 2,
      style: 'dim',
    });
  }
}
