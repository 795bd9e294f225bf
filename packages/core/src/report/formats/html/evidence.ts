import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import { countNotCollected, coverageProblems } from '../../shared/coverage-problems.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { nextCommands, placeOf } from '../../shared/next-commands.ts';
import { namesText } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { type Html, html } from './html.ts';
import { table } from './parts.ts';

const FEW_COMMANDS = 12;
const FEW_PROBLEMS = 100;

/** The commands that would settle most of what is not decided. */
export function nextStepsSection(
  undecided: readonly IssueGroup[],
  { source }: Report,
  { verbose }: ReportContext,
): Html | undefined {
  const most = verbose ? Number.POSITIVE_INFINITY : FEW_COMMANDS;
  const { commands, settled } = nextCommands(undecided, most);
  if (commands.length === 0) return undefined;
  const rows = commands.map((one) => [
    html`<code>${one.command}</code>`,
    html`${one.issues}`,
    html`${placeOf(one, source.nodes)}`,
  ]);
  return html`<p>${commands.length === 1 ? 'This command' : `These ${commands.length} commands`} would settle ${settled} of ${countOf(undecided.length, 'undecided issue')}. They only read.</p>
${table('Commands that would settle undecided issues', ['Command', 'Issues', 'Where'], rows)}`;
}

/** Evidence that was damaged, refused or not collected. */
export function problemsSection({ coverage }: Report, { verbose }: ReportContext): Html | undefined {
  const problems = coverageProblems(coverage);
  const absent = countNotCollected(coverage);
  if (problems.length === 0 && absent === 0) return undefined;
  const shown = verbose ? problems : problems.slice(0, FEW_PROBLEMS);
  const rows = shown.map(({ probe, file, line, status, reason, subjects }) => [
    html`<code>${`${file ?? probe}${line === undefined ? '' : `:${line}`}`}</code>`,
    html`${status}`,
    reason === undefined ? undefined : html`${reason}`,
    html`<code>${namesText(subjects, verbose)}</code>`,
  ]);
  const left = problems.length - shown.length;
  return html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
${rows.length === 0 ? undefined : html`<p>${countOf(problems.length, 'problem')}. What depends on it is not decided.</p>\n${table('Evidence with problems', ['Place', 'Status', 'Reason', 'On'], rows)}`}${
  left === 0 ? undefined : html`<p class="soft small">${left} more: the verbose report shows them.</p>`
}${
  absent === 0
    ? undefined
    : html`<p class="soft">${countOf(absent, 'piece')} of evidence that undecided issues ask for ${absent === 1 ? 'was' : 'were'} not collected.</p>`
}
</section>
`;
}
