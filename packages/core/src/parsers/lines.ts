/** One line of a text without its line end. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text, numbered from 1. Accepts LF and CRLF and drops a byte order mark.
 * A last line that is empty is not a line.
 */
export function* linesOf(text: string): Generator<Line> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let number = 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const last = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    number++;
    yield { number, text: text.slice(start, last) };
    start = end + 1;
  }
}
