import { isToken, type PlacedToken, Scanner } from './scanner.ts';

/** Tokens up to the end of a statement. */
export interface Statement {
  readonly tokens: readonly PlacedToken[];
  /** Where it begins; for an empty statement, where it ends. */
  readonly line: number;
  /** From `# handle N` behind it. */
  readonly handle?: number;
  /** Any other remark behind it. */
  readonly remark?: string;
  /** What ended it: a line end or semicolon, a comma of a list, an opening or closing brace, the end of the text. */
  readonly end: 'line' | 'comma' | 'open' | 'close' | 'text';
}

/**
 * What a brace and a line end mean where a statement is read: in a `block`, a brace opens another block; in `rules`, it
 * opens an unnamed set within the statement; in a `list`, statements end at commas and not at line ends.
 */
export type Surroundings = 'block' | 'rules' | 'list';

/** Cuts a text into statements. */
export class StatementReader {
  readonly text: string;
  readonly #scanner: Scanner;

  constructor(text: string) {
    this.text = text;
    this.#scanner = new Scanner(text);
  }

  next(surroundings: Surroundings): Statement {
    const tokens: PlacedToken[] = [];
    let depth = 0;
    let handle: number | undefined;
    let remark: string | undefined;
    for (;;) {
      const scanned = this.#scanner.next();
      let end: Statement['end'] | undefined;
      if (scanned.kind === 'remark') {
        const number = /^handle (\d{1,10})$/.exec(scanned.text)?.[1];
        if (number === undefined) remark = scanned.text;
        else handle = Number(number);
      } else if (scanned.kind === 'end') {
        end = 'text';
      } else if (scanned.kind === 'newline') {
        if (depth === 0 && surroundings !== 'list') end = 'line';
      } else if (isToken(scanned)) {
        end = endAt(scanned, depth, surroundings);
        if (end === undefined) tokens.push(scanned);
        if (end === undefined && scanned.kind === 'punctuation') depth += depthOf(scanned.text);
      }
      if (end === undefined) continue;
      return {
        tokens,
        line: tokens[0]?.line ?? scanned.line,
        ...(handle === undefined ? {} : { handle }),
        ...(remark === undefined ? {} : { remark }),
        end,
      };
    }
  }

  /** Skips to the closing brace of a block that was opened. Returns whether there is one. */
  skipBlock(): boolean {
    for (let depth = 1; depth > 0; ) {
      const scanned = this.#scanner.next();
      if (scanned.kind === 'end') return false;
      if (scanned.kind === 'punctuation' && scanned.text === '{') depth++;
      else if (scanned.kind === 'punctuation' && scanned.text === '}') depth--;
    }
    return true;
  }
}

function endAt(token: PlacedToken, depth: number, surroundings: Surroundings): Statement['end'] | undefined {
  if (token.kind !== 'punctuation' || depth > 0) return undefined;
  if (token.text === '}') return 'close';
  if (token.text === '{' && surroundings === 'block') return 'open';
  if (token.text === ';' && surroundings !== 'list') return 'line';
  if (token.text === ',' && surroundings === 'list') return 'comma';
  return undefined;
}

function depthOf(punctuation: string): number {
  if (punctuation === '{' || punctuation === '(') return 1;
  return punctuation === '}' || punctuation === ')' ? -1 : 0;
}
