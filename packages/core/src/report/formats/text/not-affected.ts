import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { proofOf } from '../../shared/proof.ts';
import type { Page } from './page.ts';

/** Issues that are ruled out, each with what ruled it out; only in the report when asked for. */
export function addNotAffected(page: Page, groups: readonly IssueGroup[], { quiet }: ReportContext): void {
  if (groups.length === 0) return;
  page.gap();
  page.text(`Not affected: ${groups.length}, each ruled out by what is named.`, { style: 'bold' });
  if (quiet) return;
  for (const { id, notAffected } of groups) {
    page.text(id, { indent: 2, style: 'good' });
    for (const { condition, values } of proofOf(notAffected)) {
      page.text(`${condition}: ${values.map(({ value }) => value).join(' or ')}`, {
        indent: 4,
        hang: 2,
        style: 'dim',
      });
    }
  }
}
