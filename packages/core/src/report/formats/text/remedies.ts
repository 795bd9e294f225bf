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
    const target = component === undefined || to === undefined ? '' : ` (${component} ${to})`;
    page.row(index === 0 ? 'to do' : '', `${shown.length > 1 ? `${index + 1}. ` : ''}${text}${target}`);
    if (own.length < subjects)
      page.text(`for ${namesText(own, whole)}`, { indent: GUTTER + 2, style: 'dim' });
    if (command !== undefined) page.verbatim(command, GUTTER + 2, '$ ', 'command');
    for (const { path, content } of files) {
      page.text(`file ${path}:`, { indent: GUTTER + 2 });
      page.verbatim(content, GUTTER + 2, '| ');
    }
    addNote(page, 'side effects', sideEffects);
    addNote(page, 'lasts', persistence);
    addNote(page, 'needs', needs);
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

function addNote(page: Page, label: string, text: string | undefined): void {
  if (text !== undefined) page.text(`${label}: ${text}`, { indent: GUTTER + 2, hang: 2, style: 'dim' });
}
