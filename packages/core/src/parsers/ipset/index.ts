import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { splitWords } from './words.ts';

/** One set, from its `create` line. */
export interface Ipset extends Place {
  readonly name: string;
  /** `hash:net`, `hash:ip,port`, `bitmap:port`, `list:set`, … */
  readonly type: string;
  /** Options with a value as text, options without one as `true`: `family`, `maxelem`, `timeout`, `comment`, … */
  readonly options: ReadonlyMap<string, string | true>;
  readonly entries: readonly IpsetEntry[];
}

/** One `add` line. */
export interface IpsetEntry extends Place {
  /** As printed: `10.0.0.0/8`, `10.96.0.10,udp:53`, `10.244.1.10,tcp:8080,10.244.1.10`. */
  readonly element: string;
  /** The element cut at its commas. */
  readonly parts: readonly string[];
  readonly comment?: string;
  /** Whether the entry takes its addresses out of the set. */
  readonly nomatch: boolean;
  /** Everything behind the element, as with the set: `timeout`, `packets`, `bytes`, `skbmark`, … */
  readonly options: ReadonlyMap<string, string | true>;
}

/** Options that stand alone; all others take the next word as their value. */
const FLAGS: ReadonlySet<string> = new Set([
  'comment',
  'counters',
  'forceadd',
  'skbinfo',
  'nomatch',
  'wildcard',
  'noresize',
]);

const LINE_LIMIT = 10_000;

/**
 * Reads `ipset save`, sets by name:
 *
 * ```text
 * create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536 comment
 * add KUBE-CLUSTER-IP 172.30.0.10,udp:53 comment "kube-system/kube-dns:dns"
 *   → 'KUBE-CLUSTER-IP' → { type: 'hash:ip,port', options: {family → 'inet', …, comment → true}, entries: [
 *       { element: '172.30.0.10,udp:53', parts: ['172.30.0.10', 'udp:53'], comment: 'kube-system/kube-dns:dns' }] }
 * ```
 */
export function parseIpsetSave(text: string): Parsed<ReadonlyMap<string, Ipset>> {
  const problems = new ProblemLog();
  const sets = new Map<string, Ipset & { readonly entries: IpsetEntry[] }>();
  for (const { number: line, text: content } of readableLinesOf(text, problems)) {
    if (content.startsWith('#')) continue;
    const words = content.length > LINE_LIMIT ? undefined : splitWords(content);
    const [command, name, subject, ...rest] = words ?? [];
    if (name === undefined || subject === undefined || (command !== 'create' && command !== 'add')) {
      problems.add({ line }, 'expected "create NAME TYPE …" or "add NAME ELEMENT …"', content);
      continue;
    }
    const options = command === 'create' ? readOptions(rest, FLAGS) : readOptions(rest, ENTRY_FLAGS);
    if (options === undefined) {
      problems.add({ line }, 'an option without its value', content);
    } else if (command === 'create') {
      if (sets.has(name))
        problems.add({ line }, 'this set is created twice; only the first one is used', name);
      else sets.set(name, { name: name, type: subject, options, entries: [], line });
    } else {
      const set = sets.get(name);
      if (set === undefined) problems.add({ line }, 'entry of a set that is not created before it', content);
      else set.entries.push(entryOf(subject, options, line));
    }
  }
  return { value: sets, problems: problems.list() };
}

/** Shared by the many entries without options, as sets can have a million entries. */
const NO_OPTIONS: ReadonlyMap<string, string | true> = new Map();

/** With an entry, `comment` is followed by its text. */
const ENTRY_FLAGS: ReadonlySet<string> = new Set(['nomatch', 'wildcard']);

function readOptions(
  words: readonly string[],
  flags: ReadonlySet<string>,
): ReadonlyMap<string, string | true> | undefined {
  if (words.length === 0) return NO_OPTIONS;
  const options = new Map<string, string | true>();
  for (let index = 0; index < words.length; index++) {
    const name = words[index] ?? '';
    if (flags.has(name)) {
      options.set(name, true);
      continue;
    }
    const value = words[++index];
    if (value === undefined) return undefined;
    options.set(name, value);
  }
  return options;
}

function entryOf(element: string, options: ReadonlyMap<string, string | true>, line: number): IpsetEntry {
  const comment = options.get('comment');
  return {
    element,
    parts: element.split(','),
    ...(typeof comment === 'string' ? { comment } : {}),
    nomatch: options.has('nomatch'),
    options,
    line,
  };
}
