/**
 * Characters that act instead of being seen: control characters (with them ANSI escapes), line and paragraph
 * separators, characters that turn the direction of text around (https://trojansource.codes), invisible spaces,
 * noncharacters and halves of surrogate pairs. The joiner of emoji (U+200D) and variation selectors are none of them.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00AD\u061C\u115F\u1160\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}]/gu;

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** Text from evidence that is safe to print: on one line, with every unprintable character as a visible escape. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => NAMES[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Like {@link printable}, but line by line: for commands and files that have several lines. */
export function printableLines(text: string): readonly string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '    ')));
}

/** True if `text` holds a character that is not printable. */
export function hasUnprintable(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0;
}

/** Escapes all but line ends as JSON and YAML do inside double quotes, so that what is read back is the same. */
export function escapeUnprintable(document: string): string {
  return document.replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : escapeUnits(character),
  );
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
