import type { NftToken } from './types.ts';

/** A token with its place in the text. */
export interface PlacedToken extends NftToken {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** For a string: whether its closing quote is missing. */
  readonly isCut: boolean;
}

/** What a scanner meets between tokens. */
export type Scanned =
  | PlacedToken
  | { readonly kind: 'newline' | 'end'; readonly line: number; readonly start: number }
  | { readonly kind: 'remark'; readonly text: string; readonly line: number; readonly start: number };

const PUNCTUATION = '{},;()';
const SPACES = ' \t\r\0';

/** Reads the language of nft word by word, once from start to end. */
export class Scanner {
  readonly text: string;
  #position: number;
  #line = 1;

  constructor(text: string) {
    this.text = text;
    this.#position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  next(): Scanned {
    const { text } = this;
    while (this.#position < text.length && SPACES.includes(text.charAt(this.#position))) this.#position++;
    const start = this.#position;
    const line = this.#line;
    const first = text[start];
    if (first === undefined) return { kind: 'end', line, start };
    if (first === '\n') {
      this.#position++;
      this.#line++;
      return { kind: 'newline', line, start };
    }
    if (first === '"') return this.#string(start);
    // A build without the iptables library prints an extension as "# xt_name" in the middle of the rule.
    if (first === '#' && !text.startsWith('# xt_', start)) return this.#remark(start);
    if (PUNCTUATION.includes(first)) {
      this.#position++;
      return { kind: 'punctuation', text: first, start, end: start + 1, line, isCut: false };
    }
    return this.#word(start);
  }

  #word(start: number): PlacedToken {
    const { text } = this;
    let end = start + 1;
    if (text.startsWith('# xt_', start)) end = start + 5;
    while (end < text.length && isPartOfWord(text.charAt(end))) end++;
    this.#position = end;
    return { kind: 'word', text: text.slice(start, end), start, end, line: this.#line, isCut: false };
  }

  /** nft has no escapes. A string without its closing quote ends with the line. */
  #string(start: number): PlacedToken {
    const { text } = this;
    let end = start + 1;
    while (end < text.length && text[end] !== '"' && text[end] !== '\n') end++;
    const isCut = text[end] !== '"';
    this.#position = isCut ? end : end + 1;
    return {
      kind: 'string',
      text: text.slice(start + 1, end),
      start,
      end: this.#position,
      line: this.#line,
      isCut,
    };
  }

  #remark(start: number): Scanned {
    const newline = this.text.indexOf('\n', start);
    const end = newline < 0 ? this.text.length : newline;
    this.#position = end;
    return { kind: 'remark', text: this.text.slice(start + 1, end).trim(), line: this.#line, start };
  }
}

function isPartOfWord(character: string): boolean {
  return (
    character !== '\n' && character !== '"' && !PUNCTUATION.includes(character) && !SPACES.includes(character)
  );
}

/** Whether something scanned is a token, as opposed to a line end, a remark or the end. */
export function isToken(scanned: Scanned): scanned is PlacedToken {
  return scanned.kind === 'word' || scanned.kind === 'string' || scanned.kind === 'punctuation';
}

/** All tokens of a short text such as a rule. */
export function tokensOf(text: string): readonly PlacedToken[] {
  const scanner = new Scanner(text);
  const tokens: PlacedToken[] = [];
  for (let scanned = scanner.next(); scanned.kind !== 'end'; scanned = scanner.next()) {
    if (isToken(scanned)) tokens.push(scanned);
  }
  return tokens;
}
