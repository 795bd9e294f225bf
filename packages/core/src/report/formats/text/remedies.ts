import type { OfferedRemedy } from '../../shared/offered-remedies.ts';
import { namesText } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { GUTTER, type Page } from './page.ts';

/** Versions of remedies for single subjects shown when not everything is asked for. */
const FEW = 6;

/** What to do: text, commands and files ready to use, and what the change brings with it. */
export function addRemedies(
  page: Page,
  remedies: readonly OfferedRemedy[],
  subjects: number,
  whole: boolean,
): void {
  const shown = whole ? remedies : remedies.slice(0, FEW);
  for (const [index, { remedy, subjects: own }] of shown.entries()) {
    const { text, component, to, command, files = [], sideEffects, persistence, needs } = remedy;
    const number = shown.length > 1 ? `${index + 1}. ` : '';
    const indent = GUTTER + Math.max(number.length, 2);
    page.row(index === 0 ? 'to do' : '', `${number}${text}`, { hang: number.length });
    if (component !== undefined && to !== undefined) addNote(page, indent, 'release', `${component} ${to}`);
    if (own.length < subjects) page.text(`for ${namesText(own, whole)}`, { indent, style: 'dim' });
    if (command !== undefined) page.verbatim(command, indent, '$ ', 'command');
    for (const { path, content } of files) {
      page.text(`file ${path}:`, { indent });
      page.verbatim(content, indent, '| ');
    }
    addNote(page, indent, 'side effects', sideEffects);
    addNote(page, indent, 'lasts', persistence);
    addNote(page, indent, 'needs', needs);
  }
  if (shown.length < remedies.length) {
    page.text(
      `${countOf(remedies.length - shown.length, 'more variant')} for other subjects (--verbose shows them)`,
      {
        indent: GUTTER + 2,
        style: 'dim',
      },
    );
  }
}

function addNote(page: Page, indent: number, label: string, text: string | undefined): void {
  if (text !== undefined) page.text(`${label}: ${text}`, { indent, hang: 2, style: 'dim' });
}
