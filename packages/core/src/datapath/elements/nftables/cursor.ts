import type { NftToken } from '../../../parsers/nft/index.ts';

/** Thrown and caught within the reading of one rule: the rule says something that is not modelled. */
export class NotUnderstood extends Error {}

/** Reads the words of a rule from left to right. */
export class Cursor {
  readonly #tokens: readonly NftToken[];
  #position = 0;

  constructor(tokens: readonly NftToken[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#tokens.length;
  }

  /** The text of a coming word, `ahead` words away. */
  peek(ahead = 0): string | undefined {
    return this.#tokens[this.#position + ahead]?.text;
  }

  next(): string {
    const token = this.#tokens[this.#position++];
    if (token === undefined) throw new NotUnderstood('the rule ends too early');
    return token.text;
  }

  /** Takes the next word if it is one of these. */
  take(...texts: readonly string[]): string | undefined {
    const text = this.peek();
    if (text === undefined || !texts.includes(text)) return undefined;
    this.#position++;
    return text;
  }

  expect(text: string): void {
    if (this.next() !== text) throw new NotUnderstood(`expected "${text}"`);
  }

  /** Takes everything between braces, the opening one being next. */
  block(): readonly NftToken[] {
    this.expect('{');
    const inside: NftToken[] = [];
    for (let depth = 1; ; ) {
      const token = this.#tokens[this.#position++];
      if (token === undefined) throw new NotUnderstood('a brace is not closed');
      if (token.kind === 'punctuation' && token.text === '{') depth++;
      if (token.kind === 'punctuation' && token.text === '}' && --depth === 0) return inside;
      inside.push(token);
    }
  }
}

/** Cuts tokens at the commas that stand outside all braces. */
export function splitAtCommas(tokens: readonly NftToken[]): readonly (readonly NftToken[])[] {
  const parts: NftToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'punctuation' && token.text === ',' && depth === 0) {
      parts.push([]);
      continue;
    }
    if (token.kind === 'punctuation' && token.text === '{') depth++;
    if (token.kind === 'punctuation' && token.text === '}') depth--;
    parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
