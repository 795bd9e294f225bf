import type { Place } from '../../model/evidence.ts';
import { counterOf, verdictsOf } from './rule.ts';
import type { NftElement, NftToken } from './types.ts';

/** Words that end the key or the data of an element. */
const OPTIONS: ReadonlySet<string> = new Set([
  'timeout',
  'expires',
  'counter',
  'limit',
  'quota',
  'last',
  'comment',
  'ct',
]);

/** One element from its tokens: `172.30.0.41 . tcp . 80 comment "ns/svc" : goto service-ABC`. */
export function readElement(tokens: readonly NftToken[], place: Place): NftElement | undefined {
  const colon = tokens.findIndex(({ kind, text }) => kind === 'word' && text === ':');
  const left = colon < 0 ? tokens : tokens.slice(0, colon);
  const right = colon < 0 ? [] : tokens.slice(colon + 1);
  const key = subjectOf(left);
  const data = subjectOf(right);
  if (key.length === 0 || (colon >= 0 && data.length === 0)) return undefined;
  const parts = partsOf(key);
  const options = [...left.slice(key.length), ...right.slice(data.length)];
  const [verdict] = verdictsOf(data);
  const comment = optionOf(options, 'comment');
  const timeout = secondsOf(optionOf(options, 'timeout'));
  const expires = secondsOf(optionOf(options, 'expires'));
  return {
    ...place,
    key: parts.join(' . '),
    parts,
    ...(colon < 0 ? {} : { data: data.map(({ text }) => text).join(' ') }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(comment === undefined ? {} : { comment }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(expires === undefined ? {} : { expires }),
    ...counterOf(options),
  };
}

function subjectOf(tokens: readonly NftToken[]): readonly NftToken[] {
  const end = tokens.findIndex(({ kind, text }, index) => index > 0 && kind === 'word' && OPTIONS.has(text));
  return end < 0 ? tokens : tokens.slice(0, end);
}

/** The key cut at its dots. Parts of more than one word (`ct state`, a negative number) keep their words together. */
function partsOf(tokens: readonly NftToken[]): readonly string[] {
  const parts: string[] = [];
  let words: string[] = [];
  for (const { kind, text } of tokens) {
    if (kind === 'word' && text === '.') {
      parts.push(words.join(' '));
      words = [];
    } else {
      words.push(text);
    }
  }
  parts.push(words.join(' '));
  return parts;
}

function optionOf(tokens: readonly NftToken[], name: string): string | undefined {
  const index = tokens.findIndex(({ kind, text }) => kind === 'word' && text === name);
  return index < 0 ? undefined : tokens[index + 1]?.text;
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001 };

/** `1d2h3m4s500ms` or a plain number of seconds. */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || text.length > 40) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(?:\d+(?:d|h|ms|m|s))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[dhms])/g))
    seconds += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return seconds;
}
