import type { Issue } from '../../model/issue.ts';
import { Page } from '../formats/text/page.ts';
import { painter } from '../formats/text/paint.ts';
import type { TextOptions } from '../list/list-issues.ts';

/** One known issue whole, for the terminal. */
export function explainIssue(issue: Issue, { colour, width }: TextOptions): string {
  const page = new Page(painter(colour), width);
  page.text(`${issue.severity.toUpperCase()}  ${issue.id}`, { style: issue.severity });
  page.text(issue.title, { style: 'bold' });
  page.gap();
  page.text(issue.mechanism);
  return page.toString();
}
