import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { type NextCommand, nextCommands, placeOf } from '../../shared/next-commands.ts';
import { severityCounts } from '../../shared/summary-text.ts';
import { namesOf } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { addHeadline } from './affected.ts';
import type { Page } from './page.ts';

const FEW_COMMANDS = 8;

/** What could not be decided, in sum: the few commands that would settle most of it. */
export function addUndecided(
  page: Page,
  groups: readonly IssueGroup[],
  report: Report,
  context: ReportContext,
): void {
  if (groups.length === 0) return;
  const most = context.verbose ? Number.POSITIVE_INFINITY : FEW_COMMANDS;
  const { commands, settled, reachable } = nextCommands(groups, most);
  page.gap();
  page.text(
    `Not decided for want of evidence: ${countOf(groups.length, 'issue')}${severityCounts(groups)}.`,
    { style: 'bold' },
  );
  if (commands.length > 0 && !context.quiet) {
    const these = commands.length === 1 ? 'This command' : `These ${commands.length} commands`;
    page.text(`${these} would settle ${settled === groups.length ? 'all' : settled} of them and only read:`);
    for (const command of commands) addCommand(page, command, report.source.nodes);
    page.text('netvet collect gathers all that netvet can read at once.', { style: 'dim' });
  }
  if (reachable < groups.length && !context.quiet) {
    const left = groups.length - reachable;
    page.text(
      `No command is known that would settle ${left === groups.length ? 'them' : countOf(left, 'issue')}.`,
    );
  }
  if (context.verbose) for (const group of groups) addWhy(page, group);
  else if (!context.quiet) page.text('--verbose lists the issues and what each one lacks.', { style: 'dim' });
}

function addCommand(page: Page, next: NextCommand, total: number): void {
  const { command, issues } = next;
  const place = placeOf(next, total);
  page.verbatim(command, 2, '$ ', 'command');
  page.text(`for ${countOf(issues, 'issue')}${place === '' ? '' : `, ${place}`}`, {
    indent: 6,
    hang: 2,
    style: 'dim',
  });
}

function addWhy(page: Page, group: IssueGroup): void {
  const { unknown } = group;
  page.gap();
  addHeadline(page, group);
  page.row('where', namesOf(unknown, true));
  const missing = new Map(
    unknown.flatMap((finding) => finding.missing.map((one) => [one.fact, one.command])),
  );
  let label = 'missing';
  for (const [fact, command] of missing) {
    page.row(label, `${fact}: ${command}`);
    label = '';
  }
}
