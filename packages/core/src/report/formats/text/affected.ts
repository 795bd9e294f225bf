import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { remediesOf } from '../../shared/offered-remedies.ts';
import { elsewhereText, namesOf, whereText } from '../../shared/where.ts';
import { BASIS_TEXT } from '../../shared/words.ts';
import type { Page } from './page.ts';
import { addProof } from './proof.ts';
import { addRemedies } from './remedies.ts';

/** An issue that some subject has: what, where, why, proof and what to do. */
export function addAffected(page: Page, group: IssueGroup, report: Report, context: ReportContext): void {
  const { affected, id, issue, basis } = group;
  page.gap();
  addHeadline(page, group);
  page.row('where', whereText(affected, report.source.nodes));
  if (affected.length > 1) page.row('', namesOf(affected, context.verbose));
  const elsewhere = elsewhereText(group, context.verbose);
  if (elsewhere !== '') page.row('', elsewhere, { style: 'dim' });
  if (context.quiet) return;
  if (basis !== undefined) page.row('how sure', `${basis}: ${BASIS_TEXT[basis]}${weakerText(group)}`);
  if (issue !== undefined) page.row('meaning', issue.summary);
  addProof(page, affected, context.verbose);
  addRemedies(page, remediesOf(affected), affected.length, context.verbose);
  for (const [index, step] of (issue?.verify ?? []).entries()) page.row(index === 0 ? 'verify' : '', step);
  page.row('more', `netvet explain ${id}`, { style: 'dim' });
}

/** Severity, id and title. */
export function addHeadline(page: Page, { severity, id, title, issue }: IssueGroup): void {
  page.row(severity.toUpperCase(), id, { style: severity, labelStyle: severity });
  if (issue !== undefined) page.row('', title, { style: 'bold' });
}

/** Where some findings are less sure than the surest, how many. */
function weakerText({ affected, basis }: IssueGroup): string {
  const weaker = affected.filter((one) => one.basis !== basis);
  return weaker.length === 0 ? '' : ` (${weaker.length} of ${affected.length} less sure)`;
}
