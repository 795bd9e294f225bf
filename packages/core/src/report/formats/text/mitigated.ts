import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { elsewhereText, namesOf, whereText } from '../../shared/where.ts';
import { addHeadline } from './affected.ts';
import type { Page } from './page.ts';
import { addProof } from './proof.ts';

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
    const { mitigated } = group;
    if (!context.quiet) page.gap();
    addHeadline(page, group);
    if (context.quiet) continue;
    page.row('where', whereText(mitigated, report.source.nodes));
    if (mitigated.length > 1) page.row('', namesOf(mitigated, context.verbose));
    const elsewhere = elsewhereText(group, context.verbose);
    if (elsewhere !== '') page.row('', elsewhere, { style: 'dim' });
    if (context.verbose) addProof(page, mitigated, true);
    else addShield(page, group);
  }
}

/** The last reason is the mitigation itself: the preconditions come before it. */
function addShield(page: Page, { mitigated }: IssueGroup): void {
  const shield = mitigated[0]?.because.at(-1);
  if (shield !== undefined) page.row('because', `${shield.condition}: ${shield.value}`);
}
