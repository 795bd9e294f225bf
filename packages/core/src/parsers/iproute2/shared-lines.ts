import type { Place } from '../../model/evidence.ts';

/**
 * Records of one parser by the lines that they were read from. Most nodes of a cluster print the same lines about all the others, so
 * a line is read once, and those who print it at the same place share the record. They can, as records never change.
 */
export class SharedLines {
  readonly #known = new Map<string, KnownLine>();

  /**
   * The record of a line, from memory, or from `read`. A string is what `read` found wrong; it is not kept. All calls must be of
   * one parser.
   */
  record<T extends Place>(text: string, line: number, read: (text: string) => T | string): T | string {
    const known = this.#known.get(text);
    // One parser gives records of one type.
    if (known !== undefined) return recordAt(known, line) as T;
    const own = ownCopy(text);
    const first = read(own);
    if (typeof first !== 'string') this.#known.set(own, { first, byLine: new Map([[line, first]]) });
    return first;
  }
}

interface KnownLine {
  readonly first: Place;
  readonly byLine: Map<number, Place>;
}

function recordAt({ first, byLine }: KnownLine, line: number): Place {
  let record = byLine.get(line);
  if (record === undefined) {
    record = { ...first, line };
    byLine.set(line, record);
  }
  return record;
}

/**
 * V8 keeps a part of a string as a pointer into the whole (`SlicedString`), so a line would hold all of its file in memory. Joining
 * makes a string of its own, of which the part is then taken.
 */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}
