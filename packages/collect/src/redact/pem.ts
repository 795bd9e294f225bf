import { trimmedLength } from './text.ts';

const END = '-----END ';

/** A PEM block without an end is over after this many lines, so that a cut one does not hide all that follows. */
export const LONGEST_PEM = 400;

/** Keeps track of PEM blocks over the lines of a text. */
export class PemTracker {
  #linesLeft = 0;

  /** Takes the next line; true where it starts inside a block. */
  follow(line: string): boolean {
    const inside = this.#linesLeft > 0;
    if (inside) this.#linesLeft = line.includes(END) ? 0 : this.#linesLeft - 1;
    const start = line.lastIndexOf('-----BEGIN ');
    if (start >= 0 && !line.includes(END, start)) this.#linesLeft = LONGEST_PEM;
    return inside;
  }
}

/** Splits a line inside a block into what belongs to the block and the rest, which starts with its end mark. */
export function splitAtEnd(line: string): readonly [body: string, rest: string] {
  const end = line.indexOf(END);
  return end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end)];
}

/** Takes out the body of blocks that start in this line, up to their end or the end of the line. */
export function redactPemHere(line: string, replace: (kind: string) => string): string {
  let out = '';
  let rest = line;
  for (let start = bodyStart(rest); start > 0; start = bodyStart(rest)) {
    out += rest.slice(0, start);
    rest = rest.slice(start);
    const end = rest.indexOf(END);
    const length = end < 0 ? trimmedLength(rest) : end;
    const body = rest.slice(0, length);
    // Behind the mark of a block that goes on in the next line stands nothing, or an escaped line feed.
    out += /^([\\]*[rn])?$|^<redacted:/.test(body) ? body : replace('pem');
    rest = rest.slice(length);
  }
  return out + rest;
}

function bodyStart(text: string): number {
  const start = /-----BEGIN [A-Za-z0-9 ]*-----/.exec(text);
  return start === null ? 0 : start.index + start[0].length;
}
