import { printable, printableLines } from '../../shared/unprintable.ts';

/** Markup that is safe to put into a document. Only {@link html} makes it. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Markup from a template. Texts in it are escaped for elements and quoted attributes, with unprintable characters made
 * visible; markup stays, lists are joined, `undefined` is nothing.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: template.reduce((all, text, index) => all + markupOf(parts[index - 1]) + text) };
}

/** Text of several lines for `pre`. */
export function preformatted(text: string): Html {
  return { markup: printableLines(text).map(escapeText).join('\n') };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeText(printable(part));
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
