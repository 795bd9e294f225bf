import { priorityOf } from './priority.ts';
import { makeRule, splitComment } from './rule.ts';
import type { PlacedToken } from './scanner.ts';
import type { Statement } from './statements.ts';
import type { Block, Context } from './text.ts';
import type { NftChain, NftRule } from './types.ts';

type Head = Partial<Pick<NftChain, 'handle' | 'comment' | 'type' | 'hook' | 'priority' | 'policy'>> &
  Pick<NftChain, 'devices'>;

/** Reads the inside of `chain NAME { … }`. */
export function readChain(context: Context, name: string, line: number): Block<NftChain> {
  const rules: NftRule[] = [];
  let head: Head = { devices: [] };
  for (;;) {
    const statement = context.reader.next('rules');
    const [first, second] = statement.tokens;
    if (statement.end === 'text' && first !== undefined) {
      context.problems.add(
        { line: statement.line },
        'the text ends within this statement, so it is left out',
        first.text,
      );
    } else if (first === undefined) {
      if (statement.handle !== undefined && rules.length === 0) head = { ...head, handle: statement.handle };
    } else if (first.text === 'type' && first.kind === 'word') {
      head = { ...head, ...readHook(context, statement) };
    } else if (first.text === 'policy' && second !== undefined) {
      head = { ...head, policy: second.text };
    } else if (first.text === 'comment' && second?.kind === 'string' && rules.length === 0) {
      head = { ...head, comment: second.text };
    } else {
      const rule = readRule(context, statement);
      if (rule !== undefined) rules.push(rule);
    }
    if (statement.end === 'line') continue;
    return { value: { name, ...head, rules, line }, isClosed: statement.end === 'close' };
  }
}

/** `type filter hook ingress device "eth0" priority filter - 10` */
function readHook(context: Context, statement: Statement): Partial<Head> {
  const words = statement.tokens.map(({ text }) => text);
  const hook = words.indexOf('hook');
  const devices = words.findIndex((word) => word === 'device' || word === 'devices');
  const priority = words.indexOf('priority');
  const number = priority < 0 ? undefined : priorityOf(words.slice(priority + 1), context.family);
  const type = words[1];
  const hookName = hook < 0 ? undefined : words[hook + 1];
  if (type === undefined || hookName === undefined || number === undefined) {
    context.problems.add(
      { line: statement.line },
      'expected "type TYPE hook HOOK priority PRIORITY"',
      words.join(' '),
    );
  }
  return {
    ...(type === undefined ? {} : { type }),
    ...(hookName === undefined ? {} : { hook: hookName }),
    ...(number === undefined ? {} : { priority: number }),
    ...(devices < 0
      ? {}
      : { devices: namesIn(statement.tokens.slice(devices + 1, priority < 0 ? undefined : priority)) }),
  };
}

function namesIn(tokens: readonly PlacedToken[]): readonly string[] {
  return tokens.filter(({ kind, text }) => kind !== 'punctuation' && text !== '=').map(({ text }) => text);
}

function readRule(context: Context, statement: Statement): NftRule | undefined {
  const { reader, problems } = context;
  const { tokens, comment } = splitComment(statement.tokens);
  const first = tokens[0];
  const last = tokens.at(-1);
  const whole = reader.text.slice(statement.tokens[0]?.start, statement.tokens.at(-1)?.end);
  if (
    first === undefined ||
    last === undefined ||
    tokens.some(({ isCut }) => isCut) ||
    whole.includes('\0')
  ) {
    problems.add({ line: statement.line }, 'expected a rule', whole);
    return undefined;
  }
  const text = reader.text.slice(first.start, last.end);
  return makeRule(text.includes('\n') ? onOneLine(text) : text, tokens, {
    place: { line: statement.line },
    handle: statement.handle,
    comment,
    isPartlyShown: hasGap(reader.text, statement.tokens),
  });
}

function onOneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

/** nft leaves two spaces where it prints nothing for an extension of iptables, at the start of a rule one. */
function hasGap(text: string, tokens: readonly PlacedToken[]): boolean {
  const start = tokens[0]?.start ?? 0;
  if (text[start - 1] === ' ' && text[start - 2] === '\t') return true;
  return tokens.some((token, index) => {
    const previous = tokens[index - 1];
    return previous !== undefined && text.slice(previous.end, token.start) === '  ';
  });
}
