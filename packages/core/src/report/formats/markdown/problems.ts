import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import { countNotCollected, coverageProblems } from '../../shared/coverage-problems.ts';
import { namesText } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { markdownCell, markdownText } from './escape.ts';
import { markdownTable } from './table.ts';

const FEW = 20;

/** The blocks about evidence that was damaged, refused or not collected. */
export function problemsSection({ coverage }: Report, { verbose, quiet }: ReportContext): readonly string[] {
  const problems = coverageProblems(coverage);
  const absent = countNotCollected(coverage);
  const shown = verbose ? problems : problems.slice(0, FEW);
  const rows = shown.map(({ probe, file, line, status, reason = '', subjects }) => [
    markdownCell(`${file ?? probe}${line === undefined ? '' : `:${line}`}`),
    status,
    markdownText(reason),
    markdownCell(namesText(subjects, verbose)),
  ]);
  const left = problems.length - shown.length;
  return [
    ...(problems.length === 0
      ? []
      : ['## Evidence with problems', `${problems.length} in all. What depends on it is not decided.`]),
    ...(rows.length === 0 || quiet ? [] : [markdownTable(['Place', 'Status', 'Reason', 'On'], rows)]),
    ...(left === 0 || quiet ? [] : [`${left} more: the verbose report shows them.`]),
    ...(absent === 0 || quiet
      ? []
      : [
          `${countOf(absent, 'piece')} of evidence that undecided issues ask for ${absent === 1 ? 'was' : 'were'} not collected.`,
        ]),
  ];
}
