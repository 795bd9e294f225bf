import type { Place } from '../../model/evidence.ts';

/** One direction of a connection, as packets of that direction look. */
export interface ConntrackTuple {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** With nf_conntrack_acct. */
  readonly packets?: number;
  readonly bytes?: number;
  /** `type`, `code` and `id` of ICMP, `srckey` and `dstkey` of GRE, and whatever else is printed here. */
  readonly others: ReadonlyMap<string, string>;
}

/** One tracked connection. */
export interface ConntrackEntry extends Place {
  /** Where the listing names it. */
  readonly family?: 4 | 6;
  /** `tcp`, `udp`, `icmp`, …, or `unknown`. */
  readonly protocol: string;
  readonly protocolNumber: number;
  /** Seconds until it is forgotten; absent for offloaded connections. */
  readonly timeout?: number;
  /** State of the protocol: ESTABLISHED, TIME_WAIT, SYN_SENT, … */
  readonly state?: string;
  readonly original: ConntrackTuple;
  readonly reply: ConntrackTuple;
  /** Words in brackets: ASSURED, UNREPLIED, OFFLOAD, HW_OFFLOAD, … */
  readonly flags: readonly string[];
  readonly mark?: number;
  readonly zone?: number;
  /** How many references the kernel holds. */
  readonly use?: number;
  /** What else stands behind the tuples: `secctx`, `id`, `labels`, … */
  readonly others: ReadonlyMap<string, string>;
}

/** Shared by all entries and tuples without further fields, as tables hold hundreds of thousands of them. */
const NOTHING: ReadonlyMap<string, string> = new Map();

/** Keys that belong to the connection as a whole; all others belong to the tuple they follow. */
const OF_ENTRY: ReadonlySet<string> = new Set([
  'mark',
  'zone',
  'use',
  'secctx',
  'secmark',
  'id',
  'labels',
  'delta-time',
  'timeout',
  'helper',
]);

/** One line, or undefined when it does not hold two tuples. */
export function readEntry(content: string, line: number): ConntrackEntry | undefined {
  const words = splitWords(content);
  const family = words[0] === 'ipv4' ? 4 : words[0] === 'ipv6' ? 6 : undefined;
  let index = family === undefined ? 0 : 2;
  const protocol = words[index++];
  const protocolNumber = toNumber(words[index++]);
  if (protocol === undefined || protocolNumber === undefined) return undefined;
  const timeout = toNumber(words[index]);
  if (timeout !== undefined) index++;
  const state = /^[A-Z][A-Z_0-9]*$/.test(words[index] ?? '') ? words[index++] : undefined;
  const tuples: Map<string, string>[] = [];
  const flags: string[] = [];
  const others = new Map<string, string>();
  const isIcmp = protocol.startsWith('icmp');
  for (const word of words.slice(index)) {
    const equals = word.indexOf('=');
    if (word.startsWith('[')) {
      flags.push(word.slice(1, -1));
      continue;
    }
    if (equals < 1) return undefined;
    const key = word.slice(0, equals);
    if (key === 'src') tuples.push(new Map());
    const tuple = tuples.at(-1);
    // An ICMP tuple has its own "id"; the id of the entry comes after everything else.
    const isOwnId = isIcmp && key === 'id' && tuple !== undefined && !tuple.has('id');
    const holder = tuple === undefined || (OF_ENTRY.has(key) && !isOwnId) ? others : tuple;
    holder.set(key, word.slice(equals + 1));
  }
  const [first, second] = tuples;
  const original = tupleOf(first);
  const reply = tupleOf(second);
  if (original === undefined || reply === undefined || tuples.length !== 2) return undefined;
  const mark = takeNumber(others, 'mark');
  const zone = takeNumber(others, 'zone');
  const use = takeNumber(others, 'use');
  return {
    ...(family === undefined ? {} : { family }),
    protocol,
    protocolNumber,
    ...(timeout === undefined ? {} : { timeout }),
    ...(state === undefined ? {} : { state }),
    original,
    reply,
    flags,
    ...(mark === undefined ? {} : { mark }),
    ...(zone === undefined ? {} : { zone }),
    ...(use === undefined ? {} : { use }),
    others: others.size === 0 ? NOTHING : others,
    line,
  };
}

/** Words at spaces; `[start=Fri Nov 20 …]` with its spaces is one word. */
function splitWords(content: string): readonly string[] {
  const words: string[] = [];
  let index = 0;
  while (index < content.length) {
    if (content[index] === ' ' || content[index] === '\t') {
      index++;
      continue;
    }
    const close = content[index] === '[' ? content.indexOf(']', index) : -1;
    if (content[index] === '[' && close < 0) return [];
    let end = close < 0 ? index : close + 1;
    while (end < content.length && content[end] !== ' ' && content[end] !== '\t') end++;
    words.push(content.slice(index, end));
    index = end;
  }
  return words;
}

function tupleOf(fields: Map<string, string> | undefined): ConntrackTuple | undefined {
  const source = fields?.get('src');
  const destination = fields?.get('dst');
  if (fields === undefined || source === undefined || destination === undefined) return undefined;
  fields.delete('src');
  fields.delete('dst');
  const sourcePort = takeNumber(fields, 'sport');
  const destinationPort = takeNumber(fields, 'dport');
  const packets = takeNumber(fields, 'packets');
  const bytes = takeNumber(fields, 'bytes');
  return {
    source,
    destination,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    ...(packets === undefined ? {} : { packets }),
    ...(bytes === undefined ? {} : { bytes }),
    others: fields.size === 0 ? NOTHING : fields,
  };
}

/** Moves a number out of the map; text that is not a number stays there. */
function takeNumber(fields: Map<string, string>, key: string): number | undefined {
  const value = toNumber(fields.get(key));
  if (value !== undefined) fields.delete(key);
  return value;
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}
