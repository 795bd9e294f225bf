import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { remediesOf } from '../../shared/offered-remedies.ts';
import { type ProvenValue, placeText, proofOf } from '../../shared/proof.ts';
import { BASIS_TEXT, countOf } from '../../shared/words.ts';
import { GUTTER, type Page } from './page.ts';
import { addRemedies } from './remedies.ts';
import { namesText, whereText } from './where.ts';

/** Values of one condition, and places of one value, shown when not everything is asked for. */
const FEW_VALUES = 4;
const FEW_PLACES = 2;

/** An issue that some subject has: what, where, why, proof and what to do. */
export function addAffected(page: Page, group: IssueGroup, report: Report, context: ReportContext): void {
  const { affected, severity, id, title, issue, basis } = group;
  page.gap();
  page.text(`${severity.toUpperCase()}  ${id}`, { style: severity });
  page.text(title, { style: 'bold' });
  page.row('where', whereText(affected, report.source.nodes));
  if (affected.length > 1)
    page.row(
      '',
      namesText(
        affected.map(({ subject }) => subject),
        context.verbose,
      ),
    );
  const elsewhere = elsewhereText(group);
  if (elsewhere !== '') page.row('', elsewhere, 'dim');
  if (context.quiet) return;
  if (basis !== undefined) page.row('how sure', `${basis}: ${BASIS_TEXT[basis]}${weakerText(group)}`);
  if (issue !== undefined) page.row('meaning', issue.summary);
  addProof(page, group, context.verbose);
  addRemedies(page, remediesOf(affected), affected.length, context.verbose);
  for (const [index, step] of (issue?.verify ?? []).entries()) page.row(index === 0 ? 'verify' : '', step);
}

function elsewhereText({ mitigated, unknown }: IssueGroup): string {
  const parts = [
    ...(mitigated.length > 0 ? [`mitigated on ${mitigated.length}`] : []),
    ...(unknown.length > 0 ? [`not decided on ${unknown.length}`] : []),
  ];
  return parts.length === 0 ? '' : `besides: ${parts.join(', ')}`;
}

/** Where some findings are less sure than the surest, how many. */
function weakerText({ affected, basis }: IssueGroup): string {
  const weaker = affected.filter((one) => one.basis !== basis);
  return weaker.length === 0 ? '' : ` (${weaker.length} of ${affected.length} less sure)`;
}

/** The conditions with their values; equal values once, with the place on the first subject. */
export function addProof(page: Page, group: IssueGroup, whole: boolean): void {
  const findings = group.affected.length > 0 ? group.affected : group.mitigated;
  for (const [index, { condition, values }] of proofOf(findings).entries()) {
    page.row(index === 0 ? 'proof' : '', condition);
    const shown = whole ? values : values.slice(0, FEW_VALUES);
    for (const value of shown) addValue(page, value, values.length > 1, whole);
    if (shown.length < values.length) {
      page.text(`${countOf(values.length - shown.length, 'other value')} (--verbose shows them)`, {
        indent: GUTTER + 2,
        style: 'dim',
      });
    }
  }
}

function addValue(page: Page, proven: ProvenValue, differ: boolean, whole: boolean): void {
  const { value, result, uncertain, subjects, evidence } = proven;
  const places = (whole ? evidence : evidence.slice(0, FEW_PLACES)).map(placeText);
  const left = evidence.length - places.length;
  const on = differ || subjects.length > 1 ? `on ${differ ? namesText(subjects, whole) : `each, first`}` : '';
  const negated = result === 'no' ? ' (no)' : result === 'unknown' ? ' (not known)' : '';
  const where = [...places, ...(left > 0 ? [`${left} more`] : [])].join(', ');
  page.pair(`= ${value}${negated}`, where, GUTTER + 2, GUTTER + 36);
  if (differ && on !== '') page.text(on, { indent: GUTTER + 4, style: 'dim' });
  if (uncertain !== undefined) page.text(`not certain: ${uncertain}`, { indent: GUTTER + 4, hang: 2 });
}
