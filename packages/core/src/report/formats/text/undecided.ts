import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import { compressNames } from '../../shared/compress-names.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { type NextCommand, nextCommands } from '../../shared/next-commands.ts';
import { printable } from '../../shared/unprintable.ts';
import { countOf } from '../../shared/words.ts';
import type { Page } from './page.ts';
import { namesText } from './where.ts';

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
  page.text(`Not decided: ${countOf(groups.length, 'issue')}, for want of evidence.`, { style: 'bold' });
  if (commands.length > 0 && !context.quiet) {
    const these = commands.length === 1 ? 'This command' : `These ${commands.length} commands`;
    page.text(`${these} would settle ${settled === groups.length ? 'all of them' : settled} and only read:`);
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

function addCommand(page: Page, { command, nodes, everyNode, issues }: NextCommand, total: number): void {
  page.verbatim(command, 2, '$ ', 'command');
  page.text(`for ${countOf(issues, 'issue')}${placeOf(nodes, everyNode, total)}`, {
    indent: 6,
    hang: 2,
    style: 'dim',
  });
}

function placeOf(nodes: readonly string[], everyNode: boolean, total: number): string {
  if (everyNode || (total > 1 && nodes.length === total)) return ', on every node';
  if (nodes.length === 0) return '';
  const runs = compressNames(nodes.map(printable));
  const few = runs.slice(0, 4).map(({ text }) => text);
  const left = runs.slice(4).reduce((sum, { count }) => sum + count, 0);
  return `, on ${[...few, ...(left > 0 ? [`${left} more`] : [])].join(', ')}`;
}

function addWhy(page: Page, { id, severity, title, unknown }: IssueGroup): void {
  page.gap();
  page.text(`${severity}  ${id}`, { style: severity });
  page.row('', title);
  page.row(
    'where',
    namesText(
      unknown.map(({ subject }) => subject),
      true,
    ),
  );
  const missing = new Map(
    unknown.flatMap((finding) => finding.missing.map((one) => [one.fact, one.command])),
  );
  for (const [fact, command] of missing) page.row('missing', `${fact}: ${command}`);
}
