import type { Issue } from '../../model/issue.ts';
import { SEVERITIES } from '../../model/severity.ts';
import { Page } from '../formats/text/page.ts';
import { painter } from '../formats/text/paint.ts';
import { displayWidth } from '../shared/display-width.ts';
import { printable } from '../shared/unprintable.ts';
import { countOf } from '../shared/words.ts';

/** How text for the terminal is laid out. */
export interface TextOptions {
  readonly colour: boolean;
  /** Columns to wrap to. */
  readonly width: number;
}

const SEVERITY_WIDTH = 10;
/** With less room for titles they stand below the ids. */
const LEAST_TITLE = 40;

/** Known issues as a table for the terminal: severity, id and title, worst first. */
export function listIssues(issues: readonly Issue[], { colour, width }: TextOptions): string {
  const page = new Page(painter(colour), width);
  const sorted = [...issues].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1),
  );
  if (sorted.length === 0) {
    page.text('No known issue fits. netvet issues without words lists all.');
    return page.toString();
  }
  const idWidth = Math.max(...sorted.map(({ id }) => displayWidth(printable(id)))) + 2;
  const beside = width - SEVERITY_WIDTH - idWidth >= LEAST_TITLE;
  for (const issue of sorted) {
    const { id, severity } = issue;
    const first = { text: severity, width: SEVERITY_WIDTH, style: severity };
    if (beside) page.cells([first, { text: id, width: idWidth, style: 'bold' }], titleOf(issue));
    else {
      page.cells([first], id, 'bold');
      page.cells([{ text: '', width: SEVERITY_WIDTH }], titleOf(issue));
    }
  }
  page.gap();
  page.text(`${countOf(sorted.length, 'known issue')}. netvet explain ID tells all about one.`, {
    style: 'dim',
  });
  return page.toString();
}

function titleOf({ title, withdrawn }: Issue): string {
  return withdrawn === undefined ? title : `withdrawn: ${withdrawn}`;
}
