import { readElement, secondsOf } from './element.ts';
import { priorityOf } from './priority.ts';
import { counterOf } from './rule.ts';
import type { Statement } from './statements.ts';
import { type Block, type Context, flagsOf } from './text.ts';
import type { NftElement, NftFlowtable, NftObject, NftSet } from './types.ts';

/** Properties of sets that stand as a word with a value or alone, and change nothing in what a rule matches. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'policy',
  'gc-interval',
  'auto-merge',
  'counter',
  'quota',
  'limit',
  'last',
  'ct',
]);

/** Reads the inside of `set NAME { … }` or `map NAME { … }`. */
export function readSet(context: Context, kind: NftSet['kind'], name: string, line: number): Block<NftSet> {
  const elements: NftElement[] = [];
  let head: Omit<NftSet, 'kind' | 'name' | 'elements' | 'line'> = { type: '', flags: [] };
  for (;;) {
    const statement = context.reader.next('block');
    const keyword = statement.tokens[0]?.text;
    const value = statement.tokens[1]?.text;
    if (statement.handle !== undefined) head = { ...head, handle: statement.handle };
    if (statement.end === 'text') return { value: { kind, name, ...head, elements, line }, isClosed: false };
    if (statement.end === 'open') {
      const isClosed =
        keyword === 'elements' ? readElements(context, elements) : skipUnknown(context, statement);
      if (!isClosed) return { value: { kind, name, ...head, elements, line }, isClosed };
      continue;
    }
    if (keyword === 'type' || keyword === 'typeof') head = { ...head, ...typeOf(statement) };
    else if (keyword === 'flags') head = { ...head, flags: flagsOf(statement) };
    else if (keyword === 'comment' && value !== undefined) head = { ...head, comment: value };
    else if (keyword === 'size' && /^\d{1,10}$/.test(value ?? '')) head = { ...head, size: Number(value) };
    else if (keyword === 'timeout') head = { ...head, ...timeoutOf(value) };
    else if (keyword !== undefined && !WITHOUT_EFFECT.has(keyword)) {
      context.problems.add({ line: statement.line }, `expected a property of a ${kind}`, keyword);
    }
    if (statement.end === 'close') return { value: { kind, name, ...head, elements, line }, isClosed: true };
  }
}

/** `type ipv4_addr . inet_service : verdict`, `typeof ip daddr . tcp dport` */
function typeOf(statement: Statement): Pick<NftSet, 'type' | 'dataType'> {
  const words = statement.tokens.slice(1).map(({ text }) => text);
  const colon = words.indexOf(':');
  if (colon < 0) return { type: words.join(' ') };
  return { type: words.slice(0, colon).join(' '), dataType: words.slice(colon + 1).join(' ') };
}

function timeoutOf(text: string | undefined): Pick<NftSet, 'timeout'> {
  const seconds = secondsOf(text);
  return seconds === undefined ? {} : { timeout: seconds };
}

/** Reads up to the closing brace. An element the text ends in is left out. */
function readElements(context: Context, elements: NftElement[]): boolean {
  for (;;) {
    const { tokens, line, end } = context.reader.next('list');
    if (end === 'text') return false;
    const element = readElement(tokens, { line });
    if (element !== undefined) elements.push(element);
    else if (tokens.length > 0)
      context.problems.add({ line }, 'expected an element', tokens.map(({ text }) => text).join(' '));
    if (end === 'close') return true;
  }
}

function skipUnknown(context: Context, statement: Statement): boolean {
  context.problems.add(
    { line: statement.line },
    'a block that was not expected here',
    statement.tokens[0]?.text,
  );
  return context.reader.skipBlock();
}

/** Reads the inside of `flowtable NAME { … }`. */
export function readFlowtable(context: Context, name: string, line: number): Block<NftFlowtable> {
  let head: Omit<NftFlowtable, 'name' | 'line'> = { devices: [], flags: [] };
  for (;;) {
    const statement = context.reader.next('rules');
    const words = statement.tokens.map(({ text }) => text);
    if (statement.handle !== undefined) head = { ...head, handle: statement.handle };
    if (statement.end === 'text') return { value: { name, ...head, line }, isClosed: false };
    if (words[0] === 'hook' && words[1] !== undefined) {
      const priority = priorityOf(words.slice(words.indexOf('priority') + 1), context.family);
      head = { ...head, hook: words[1], ...(priority === undefined ? {} : { priority }) };
    } else if (words[0] === 'devices') {
      head = { ...head, devices: flagsOf(statement).filter((word) => word !== '=') };
    } else if (words[0] === 'flags') {
      head = { ...head, flags: flagsOf(statement) };
    } else if (words[0] !== undefined && words[0] !== 'counter') {
      context.problems.add({ line: statement.line }, 'expected a property of a flowtable', words[0]);
    }
    if (statement.end === 'close') return { value: { name, ...head, line }, isClosed: true };
  }
}

/** Reads the inside of `counter NAME { packets 5 bytes 300 }` and of other named objects. */
export function readObject(context: Context, kind: string, name: string, line: number): Block<NftObject> {
  let head: Omit<NftObject, 'kind' | 'name' | 'line'> = {};
  for (;;) {
    const statement = context.reader.next('rules');
    const [first, second] = statement.tokens;
    if (statement.handle !== undefined) head = { ...head, handle: statement.handle };
    if (first?.text === 'comment' && second !== undefined) head = { ...head, comment: second.text };
    if (kind === 'counter' && first !== undefined) {
      head = { ...head, ...counterOf([{ kind: 'word', text: 'counter' }, ...statement.tokens]) };
    }
    if (statement.end !== 'line')
      return { value: { kind, name, ...head, line }, isClosed: statement.end === 'close' };
  }
}
