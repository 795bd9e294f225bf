import type { Issue } from '../../model/issue.ts';
import { SEVERITIES } from '../../model/severity.ts';
import { Page } from '../formats/text/page.ts';
import { painter } from '../formats/text/paint.ts';
import { countOf } from '../shared/words.ts';

export interface TextOptions {
  readonly colour: boolean;
  readonly width: number;
}

/** Known issues as a list for the terminal: severity, id and title, worst first. */
export function listIssues(issues: readonly Issue[], { colour, width }: TextOptions): string {
  const page = new Page(painter(colour), width);
  const sorted = [...issues].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1),
  );
  for (const { id, severity, title, withdrawn } of sorted) {
    page.row(severity, id, withdrawn === undefined ? severity : 'dim');
    page.row('', withdrawn === undefined ? title : `withdrawn: ${withdrawn}`);
  }
  if (sorted.length === 0) page.text('No known issue fits. netvet issues without words lists all.');
  else {
    page.gap();
    page.text(`${countOf(sorted.length, 'known issue')}. netvet explain ID tells all about one.`, {
      style: 'dim',
    });
  }
  return page.toString();
}
