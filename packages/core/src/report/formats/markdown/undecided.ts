import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { nextCommands, placeOf } from '../../shared/next-commands.ts';
import { severityCounts } from '../../shared/summary-text.ts';
import { namesOf } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { markdownCell, markdownText } from './escape.ts';
import { markdownTable } from './table.ts';

const FEW_COMMANDS = 8;

/** The blocks about what could not be decided: the commands that would settle most of it. */
export function undecidedSection(
  groups: readonly IssueGroup[],
  report: Report,
  { verbose, quiet }: ReportContext,
): readonly string[] {
  const undecided = groups.filter(({ verdict }) => verdict === 'unknown');
  if (undecided.length === 0) return [];
  const most = verbose ? Number.POSITIVE_INFINITY : FEW_COMMANDS;
  const { commands, settled, reachable } = nextCommands(undecided, most);
  const left = undecided.length - reachable;
  const rows = commands.map((one) => [
    markdownCell(one.command),
    String(one.issues),
    markdownText(placeOf(one, report.source.nodes)),
  ]);
  return [
    '## Not decided',
    `${countOf(undecided.length, 'issue')}${severityCounts(undecided)} could not be decided for want of evidence.`,
    ...(quiet || rows.length === 0
      ? []
      : [
          `${rows.length === 1 ? 'This command' : `These ${rows.length} commands`} would settle ${settled} of them and only read.`,
          markdownTable(['Command', 'Issues', 'Where'], rows),
        ]),
    ...(left === 0 || quiet ? [] : [`No command is known that would settle ${countOf(left, 'issue')}.`]),
    ...(verbose ? [lackTable(undecided)] : []),
  ];
}

function lackTable(groups: readonly IssueGroup[]): string {
  const rows = groups.map(({ severity, id, unknown }) => {
    const facts = new Set(unknown.flatMap(({ missing }) => missing.map(({ fact }) => fact)));
    return [
      severity,
      markdownCell(id),
      markdownCell(namesOf(unknown, true)),
      markdownText([...facts].join(', ')),
    ];
  });
  return markdownTable(['Severity', 'Issue', 'Where', 'Missing'], rows);
}
