import type { Redaction, RedactMode } from './modes.ts';
import { placeholder } from './modes.ts';
import {
  BLOCK_START,
  ENV_LINE_END,
  ENV_TO_VALUE,
  ENV_VALUE_LINE,
  FLAG_LINE_END,
  FLAG_TO_VALUE,
  HEADING,
  KEY_EQUALS,
  KEY_LINE,
  KINDS,
  NAME_TO_VALUE,
  NAMING_KEY,
  NO_SECRET,
  OTHER_KIND,
  SECRET_HEADING,
} from './patterns.ts';
import { PemTracker, redactPemHere, splitAtEnd } from './pem.ts';
import { redactShapes } from './shapes.ts';
import { indentOf, lower, trimmedLength } from './text.ts';
import { closingQuote, countBrackets, Head, readValue, type SecretValue } from './value.ts';

const nameToValue = new RegExp(NAME_TO_VALUE);
const envToValue = new RegExp(ENV_TO_VALUE);
const envLineEnd = new RegExp(ENV_LINE_END);
const envValueLine = new RegExp(ENV_VALUE_LINE);
const flagToValue = new RegExp(FLAG_TO_VALUE);
const flagLineEnd = new RegExp(FLAG_LINE_END);
const heading = new RegExp(HEADING);
// A dot means every character, as in awk; to JavaScript alone a carriage return would end a line.
const secretHeading = new RegExp(SECRET_HEADING, 's');
const keyEquals = new RegExp(KEY_EQUALS);
const keyLine = new RegExp(KEY_LINE);
const namingKey = new RegExp(NAMING_KEY);
const noSecret = new RegExp(NO_SECRET);
const blockStart = new RegExp(BLOCK_START);

/** A line that has nothing but a key, up to its value. */
const startsLine = /^[ \t]*(- +)*["']?[A-Za-z0-9_./-]*["']?[ \t\r]*:[ \t\r]*$/;

/**
 * Takes secrets out of a text, line by line; every line stays a line, so that line numbers stay right. Lines are given
 * without their line feed. A line without a secret comes back as it was.
 *
 * The collection script does the same in awk: a change here needs the same change there, and a test compares them.
 */
export class LineRedactor {
  readonly #mode: RedactMode;
  readonly #counts = new Map<string, number>();
  readonly #pem = new PemTracker();
  /** Kind of the secret that goes on in the following lines, in one of the ways below. */
  #kind = OTHER_KIND;
  #openQuote = '';
  #openBrackets = 0;
  #goesOn = false;
  /** Column of the key whose value stands below it, further to the right; -1 where there is none. */
  #nestColumn = -1;
  /** List items may stand in the column of their key itself. */
  #nestSame = false;
  #valueBelow = false;
  #flagValueBelow = false;
  #envValueBelow = false;
  /** Kind of the secrets in a table or section that holds nothing else. */
  #tableKind = '';

  constructor(mode: RedactMode) {
    this.#mode = mode;
  }

  /** What was taken out so far, by kind in alphabetical order. */
  redactions(): readonly Redaction[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, count }));
  }

  redactLine(line: string): string {
    const inPem = this.#pem.follow(line);
    const isOpen = this.#openQuote !== '' || this.#openBrackets > 0 || this.#goesOn;
    const clean =
      inPem && !isOpen ? this.#redactPem(line) : (this.#redactContinued(line) ?? this.#redactFresh(line));
    return redactShapes(redactPemHere(clean, this.#replace), this.#replace);
  }

  /** Counts a secret and gives what stands in its place. */
  readonly #replace = (kind: string): string => {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    return placeholder(kind);
  };

  #redactPem(line: string): string {
    const [body, rest] = splitAtEnd(line);
    return this.#redactWhole(body, 'pem') + rest;
  }

  /** A line that belongs to a value that started above; undefined where no value goes on. */
  #redactContinued(line: string): string | undefined {
    const trimmed = line.slice(indentOf(line), trimmedLength(line));
    if (this.#openQuote !== '') return this.#redactToQuote(line);
    if (this.#openBrackets > 0) {
      this.#openBrackets += countBrackets(line).depth;
      return this.#redactNested(line);
    }
    if (this.#goesOn) {
      this.#goesOn = trimmed.endsWith('\\');
      return this.#redactWhole(line, this.#kind);
    }
    if (this.#flagValueBelow) {
      this.#flagValueBelow = false;
      if (!/^(- +)?["']?-/.test(trimmed)) return this.#redactItem(line);
    }
    if (this.#envValueBelow) {
      this.#envValueBelow = false;
      if (envValueLine.test(lower(line))) return this.#redactAfter(line, envValueLine, this.#kind);
    }
    if (trimmed === '') return this.#nestColumn >= 0 || this.#valueBelow ? line : undefined;
    return this.#redactBelow(line, trimmed);
  }

  #redactToQuote(line: string): string {
    const mark = this.#openQuote;
    const single = mark.length < 3 || mark.startsWith('\\');
    const end = single
      ? closingQuote(line, 0, mark.length - 1, mark.slice(-1))
      : line.indexOf(mark) + mark.length;
    if (end < mark.length) return this.#redactWhole(line, this.#kind);
    this.#openQuote = '';
    const start = end - mark.length;
    return this.#redactWhole(line.slice(0, start), this.#kind) + this.#redactFresh(line.slice(start));
  }

  #redactBelow(line: string, trimmed: string): string | undefined {
    const column = indentOf(line);
    const isBelow =
      this.#nestColumn >= 0 &&
      (column > this.#nestColumn || (this.#nestSame && column === this.#nestColumn && /^- /.test(trimmed)));
    const isNext = this.#valueBelow;
    this.#valueBelow = false;
    if (isBelow) return this.#redactNested(line);
    this.#nestColumn = -1;
    if (isNext && !keyLine.test(lower(trimmed)) && !/^(-|#|]|})/.test(trimmed)) {
      this.#openBrackets = Math.max(0, countBrackets(line).depth);
      return this.#redactNested(line);
    }
    return undefined;
  }

  #redactFresh(line: string): string {
    const small = lower(line);
    if (this.#mode === 'configuration') {
      if (heading.test(small)) this.#tableKind = secretHeading.test(small) ? kindOf(small) : '';
      const key = this.#tableKind === '' ? null : keyEquals.exec(small);
      if (key !== null && !namingKey.test(key[0])) return this.#redactAfter(line, keyEquals, this.#tableKind);
    }
    let out = this.#redactAfter(line, envToValue);
    out = this.#redactAfter(out, nameToValue);
    out = this.#redactAfter(out, flagToValue);
    if (this.#mode === 'logs') return out;
    if (flagLineEnd.test(small)) this.#expect('flag', kindOf(small));
    else if (envLineEnd.test(small)) this.#expect('env', kindOf(small));
    return out;
  }

  #expect(what: 'flag' | 'env', kind: string): void {
    this.#kind = kind;
    this.#flagValueBelow = what === 'flag';
    this.#envValueBelow = what === 'env';
  }

  /** Replaces what follows each match of `pattern`; of the first alone where its kind is given. */
  #redactAfter(line: string, pattern: RegExp, kind?: string): string {
    const small = lower(line);
    const isFlag = pattern === flagToValue;
    const isLog = this.#mode === 'logs' || isFlag;
    const head = new Head();
    let at = 0;
    let out = '';
    const add = (piece: string): void => {
      out += piece;
      head.add(piece);
    };
    do {
      const match = pattern.exec(small.slice(at));
      if (match === null) break;
      const label = at + match.index;
      add(line.slice(at, label));
      add(line.slice(label, label + match[0].length));
      at = label + match[0].length;
      const rest = line.slice(at);
      // A flag behind a flag: the first has no value.
      if (isFlag && rest.startsWith('-')) continue;
      const value = readValue(rest, head, isLog);
      const own = kind ?? kindOf(match[0]);
      this.#follow(value, own, head.label, line.slice(0, at));
      add(this.#substitute(rest.slice(0, value.length), value, own));
      at += value.length;
    } while (kind === undefined);
    return out + line.slice(at);
  }

  #substitute(text: string, value: SecretValue, kind: string): string {
    const { before, after, content } = value;
    if (noSecret.test(lower(content)) || blockStart.test(content)) return text;
    return before + this.#replace(kind) + after;
  }

  /** Notes whether a value goes on below; `start` is the line up to the value, `label` the end of that. */
  #follow(value: SecretValue, kind: string, label: string, start: string): void {
    if (this.#mode !== 'configuration') return;
    this.#kind = kind;
    if (value.openQuote !== undefined) this.#openQuote = value.openQuote;
    else if (value.openBrackets !== undefined) this.#openBrackets = value.openBrackets;
    else if (value.after === '' || value.content === '') {
      if (value.content.endsWith('\\')) this.#goesOn = true;
      const isEmpty = value.content === '';
      if (value.before === '' && startsLine.test(start)) {
        this.#nestColumn = indentOf(start);
        this.#nestSame = isEmpty;
      }
      this.#valueBelow = isEmpty && value.length === 0 && /:[ \t\r]*$/.test(label);
    }
  }

  /** A line inside a value that stands below its name: list items and values of keys are secrets. */
  #redactNested(line: string): string {
    const end = trimmedLength(line);
    const start = Math.min(indentOf(line), end);
    const key = keyLine.exec(lower(line.slice(start, end)));
    if (key === null) return this.#redactItem(line);
    if (namingKey.test(key[0])) return line;
    const head = line.slice(0, start + key[0].length);
    const rest = line.slice(head.length, end);
    const before = new Head();
    before.add(head);
    const value = readValue(rest, before, false);
    if (value.openQuote !== undefined) this.#openQuote = value.openQuote;
    const clean = this.#substitute(rest.slice(0, value.length), value, this.#kind);
    return head + clean + rest.slice(value.length) + line.slice(end);
  }

  /** A line that is a secret, but for its indent, list dash, quotes and comma. */
  #redactItem(line: string): string {
    const end = trimmedLength(line);
    const start = Math.min(indentOf(line), end);
    const body = line.slice(start, end);
    if (/^([[{}(),;|>"'-]|])*$/.test(body) || body.startsWith('#')) return line;
    const comma = body.endsWith(',') ? ',' : '';
    const content = body.slice(0, body.length - comma.length);
    const quote = /^["']/.exec(content)?.[0] ?? '';
    const bare = content.replace(/^["']/, '').replace(/["']$/, '');
    if (noSecret.test(lower(bare))) return line;
    return line.slice(0, start) + quote + this.#replace(this.#kind) + quote + comma + line.slice(end);
  }

  #redactWhole(text: string, kind: string): string {
    const end = trimmedLength(text);
    const start = Math.min(indentOf(text), end);
    if (start === end || noSecret.test(text.slice(start, end))) return text;
    return text.slice(0, start) + this.#replace(kind) + text.slice(end);
  }
}

/** The kind of a secret from its name, in lower case. */
export function kindOf(name: string): string {
  return KINDS.find(([part]) => name.includes(part))?.[1] ?? OTHER_KIND;
}
