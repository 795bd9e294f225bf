import type { RuleOption } from './types.ts';

/** One word of a rule. A quoted word is a value even if it looks like an option. */
interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** Options every rule can have, by each spelling iptables accepts. */
const GENERIC: ReadonlyMap<string, string> = new Map([
  ['-s', 'source'],
  ['--source', 'source'],
  ['--src', 'source'],
  ['-d', 'destination'],
  ['--destination', 'destination'],
  ['--dst', 'destination'],
  ['-p', 'protocol'],
  ['--protocol', 'protocol'],
  ['--proto', 'protocol'],
  ['-i', 'in-interface'],
  ['--in-interface', 'in-interface'],
  ['-o', 'out-interface'],
  ['--out-interface', 'out-interface'],
  ['-f', 'fragment'],
  ['--fragment', 'fragment'],
  ['-m', 'match'],
  ['--match', 'match'],
  ['-j', 'jump'],
  ['--jump', 'jump'],
  ['-g', 'goto'],
  ['--goto', 'goto'],
]);

const PORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['source-port', 'sport'],
  ['destination-port', 'dport'],
  ['source-ports', 'sports'],
  ['destination-ports', 'dports'],
]);

/** Options whose text may begin with a dash without being quoted. */
const FREE_TEXT: ReadonlySet<string> = new Set(['comment', 'log-prefix', 'nflog-prefix', 'string', 'name']);

/** The options of a rule in their order. Takes any text: words before the first option are left out. */
export function decodeOptions(text: string): readonly RuleOption[] {
  const words = wordsOf(text);
  const options: RuleOption[] = [];
  let module: string | undefined;
  let negated = false;
  let index = 0;
  while (index < words.length) {
    const word = words[index++];
    if (word === undefined) break;
    if (!isOption(word)) {
      negated = word.text === '!' && !word.quoted;
      continue;
    }
    const generic = GENERIC.get(word.text);
    const name = generic ?? longName(word.text);
    const values: string[] = [];
    const oldNegation = isNegationOfValue(words, index);
    if (oldNegation) index++;
    if (FREE_TEXT.has(name)) {
      const value = words[index];
      if (value !== undefined) {
        values.push(value.text);
        index++;
      }
    }
    for (let next = words[index]; next !== undefined && isValue(next); next = words[++index])
      values.push(next.text);
    if (name === 'match') module = values[0];
    options.push({
      name,
      negated: negated || oldNegation,
      values,
      ...(module !== undefined && (generic === undefined || name === 'match') ? { module } : {}),
    });
    if (name === 'jump' || name === 'goto') module = values[0];
    negated = false;
  }
  return options;
}

function longName(word: string): string {
  const bare = word.slice(word.startsWith('--') ? 2 : 1);
  return PORT_NAMES.get(bare) ?? bare;
}

function isOption(word: Word): boolean {
  return !word.quoted && word.text.length > 1 && word.text.startsWith('-');
}

function isValue(word: Word): boolean {
  return word.quoted || (word.text !== '!' && !isOption(word));
}

/** `--dport ! 53`: an exclamation mark between an option and its value. */
function isNegationOfValue(words: readonly Word[], index: number): boolean {
  const mark = words[index];
  const value = words[index + 1];
  return mark?.text === '!' && !mark.quoted && value !== undefined && isValue(value);
}

/** Words of a rule. Within double quotes a backslash takes the next character as it is. */
function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let index = 0;
  while (index < text.length) {
    const first = text.charAt(index);
    if (first === ' ' || first === '\t') {
      index++;
    } else if (first === '"') {
      const end = endOfQuoted(text, index);
      const inner = text.slice(index + 1, end);
      words.push({ text: inner.includes('\\') ? withoutEscapes(inner) : inner, quoted: true });
      index = end + 1;
    } else {
      const end = endOfWord(text, index);
      words.push({ text: text.slice(index, end), quoted: false });
      index = end;
    }
  }
  return words;
}

function endOfWord(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== ' ' && text[end] !== '\t') end++;
  return end;
}

/** Position of the closing quote, or the length of the text. */
function endOfQuoted(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return Math.min(end, text.length);
}

function withoutEscapes(text: string): string {
  let result = '';
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\' && index + 1 < text.length) index++;
    result += text.charAt(index);
  }
  return result;
}
