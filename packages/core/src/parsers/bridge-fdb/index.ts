import type { Place } from '../../model/evidence.ts';
import { isMac } from '../iproute2/address.ts';
import { type Draft, defined } from '../iproute2/defined.ts';
import {
  type JsonRecord,
  jsonRecords,
  numberField,
  sketchOf,
  stringField,
  stringsField,
} from '../iproute2/json.ts';
import { SharedLines } from '../iproute2/shared-lines.ts';
import { Words } from '../iproute2/words.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, toCount } from '../tool-output/index.ts';

/** An entry of a forwarding database: of a bridge (`master`) or of a device such as VXLAN (flag `self`). */
export interface FdbEntry extends Place {
  readonly mac: string;
  readonly device?: string;
  readonly master?: string;
  /** Remote tunnel end; for VXLAN the address of the other VTEP. */
  readonly destination?: string;
  readonly vlan?: number;
  /** UDP port of the remote end, when not the device's own. */
  readonly port?: number;
  /** Network id towards the remote end, when not the device's own. */
  readonly vni?: number;
  /** Device the remote end is reached by. */
  readonly via?: string;
  /** Nexthop object used instead of a destination. */
  readonly nextHopId?: number;
  /** `self`, `router`, `extern_learn`, `offload`, `sticky` … */
  readonly flags: readonly string[];
  /** `permanent`, `static`, `stale`; absent for a learned entry in use. */
  readonly state?: string;
}

const STATES = new Set(['permanent', 'static', 'stale']);
const FLAGS = new Set(
  'self router extern_learn offload sticky locked blackhole managed dynamic activity_notify inactive'.split(
    ' ',
  ),
);
const NUMBERS = { vlan: 'vlan', port: 'port', vni: 'vni', nhid: 'nextHopId' } as const;
const TEXTS = { dev: 'device', master: 'master', dst: 'destination', via: 'via' } as const;
const PASSED_OVER = new Set(['used', 'updated', 'src_vni', 'link-netnsid']);

/**
 * Reads `bridge fdb`, with or without `-s`.
 *
 * ```text
 * 5e:9a:11:22:33:02 dev flannel.1 dst 192.168.0.4 self permanent
 * ```
 * gives `{ mac: '5e:9a:11:22:33:02', device: 'flannel.1', destination: '192.168.0.4', flags: ['self'], state: 'permanent', line: 1 }`.
 * Texts read with the same `lines` share records.
 */
export function parseBridgeFdb(
  text: string,
  lines: SharedLines = new SharedLines(),
): Parsed<readonly FdbEntry[]> {
  const problems = new ProblemLog();
  const value: FdbEntry[] = [];
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const entry = lines.record(content, line, (own) => readEntry(new Words(own), line));
    if (typeof entry === 'string') reject(problems, { line }, entry, content);
    else value.push(entry);
  }
  return { value, problems: problems.list() };
}

function readEntry(words: Words, line: number): FdbEntry | string {
  const mac = words.next();
  if (mac === undefined || !isMac(mac))
    return 'expected an entry, as in "02:00:00:00:00:01 dev eth0 self permanent"';
  const flags: string[] = [];
  const entry: Draft<FdbEntry> = { line, mac, flags };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (FLAGS.has(word)) flags.push(word);
    else if (STATES.has(word)) entry.state = word;
    else if (!readValue(entry, word, words.next())) return `unknown word "${word.slice(0, 40)}" in an entry`;
  }
  return entry;
}

function readValue(entry: Draft<FdbEntry>, word: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (isKeyOf(TEXTS, word)) entry[TEXTS[word]] = value;
  else if (isKeyOf(NUMBERS, word)) {
    const number = toCount(value);
    if (number === undefined) return false;
    entry[NUMBERS[word]] = number;
  } else return PASSED_OVER.has(word);
  return true;
}

function isKeyOf<T extends object>(names: T, word: string): word is Extract<keyof T, string> {
  return Object.hasOwn(names, word);
}

/** Reads `bridge -j fdb`: the same records as {@link parseBridgeFdb}, with `pointer` for `line`. */
export function parseBridgeFdbJson(text: string): Parsed<readonly FdbEntry[]> {
  const problems = new ProblemLog();
  const value = jsonRecords(text, problems).flatMap((record) => entryFromJson(record, problems) ?? []);
  return { value, problems: problems.list() };
}

function entryFromJson({ fields, pointer }: JsonRecord, problems: ProblemLog): FdbEntry | undefined {
  const mac = stringField(fields, 'mac');
  if (mac === undefined || !isMac(mac)) {
    problems.add({ pointer }, 'expected an entry with "mac"', sketchOf(fields));
    return undefined;
  }
  return {
    pointer,
    mac,
    flags: stringsField(fields, 'flags'),
    ...defined({
      // iproute2 before 4.18 called it "dev".
      device: stringField(fields, 'ifname') ?? stringField(fields, 'dev'),
      master: stringField(fields, 'master'),
      destination: stringField(fields, 'dst'),
      vlan: numberField(fields, 'vlan'),
      port: numberField(fields, 'port'),
      vni: numberField(fields, 'vni'),
      via: stringField(fields, 'viaIf') ?? stringField(fields, 'via_if'),
      nextHopId: numberField(fields, 'nhid'),
      state: stringField(fields, 'state'),
    }),
  };
}
