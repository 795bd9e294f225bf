import { printable, printableLines } from '../../shared/unprintable.ts';

/**
 * Plain text in Markdown: every character that could start markup stands behind a backslash. Trackers look for mentions
 * after that, so the sign of a mention stands as code.
 */
export function markdownText(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/(?<!\w)@(?=\w)/g, '`@`')
    .replace(
      /^(\s*)([-+=]|\d+[.)])/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
    );
}

/** Text from evidence as code: nothing in it is markup, a link or a mention. */
export function markdownCode(text: string): string {
  const shown = printable(text);
  if (shown === '') return '(empty)';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const room = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${room}${shown}${room}${fence}`;
}

/** Code inside a table cell: there a bar ends the cell even in code. */
export function markdownCell(text: string): string {
  return markdownCode(text).replaceAll('|', '\\|');
}

/** A block of code, indented by `indent` columns to stand inside a list. */
export function markdownBlock(text: string, indent = 0): string {
  const lines = printableLines(text);
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [fence, ...lines, fence].map((line) => ' '.repeat(indent) + line).join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
