import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { addProof } from './affected.ts';
import type { Page } from './page.ts';
import { namesText, whereText } from './where.ts';

/** Issues that a setting or work-around keeps from doing harm. */
export function addMitigated(
  page: Page,
  groups: readonly IssueGroup[],
  report: Report,
  context: ReportContext,
): void {
  if (groups.length === 0) return;
  page.gap();
  page.text('Mitigated: the preconditions hold, and something prevents the harm. Keep it so.', {
    style: 'bold',
  });
  for (const group of groups) {
    const { id, severity, title, mitigated } = group;
    if (!context.quiet) page.gap();
    page.text(`${severity}  ${id}`, { style: severity });
    if (context.quiet) continue;
    page.row('', title);
    page.row('where', whereText(mitigated, report.source.nodes));
    if (mitigated.length > 1)
      page.row(
        '',
        namesText(
          mitigated.map(({ subject }) => subject),
          context.verbose,
        ),
      );
    if (context.verbose) addProof(page, group, true);
    else addShield(page, group);
  }
}

/** The last reason is the mitigation itself: the preconditions come before it. */
function addShield(page: Page, { mitigated }: IssueGroup): void {
  const shield = mitigated[0]?.because.at(-1);
  if (shield !== undefined) page.row('because', `${shield.condition}: ${shield.value}`);
}
