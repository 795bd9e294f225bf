import type { Place } from '../../model/evidence.ts';
import type { Line } from '../lines.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { isGroupLine, type OvsGroup, readGroup } from './groups.ts';
import { isBalanced, splitTopLevel } from './split.ts';

/** What `ovs-ofctl dump-flows` prints, and `ovs-ofctl dump-groups` where it was added to the same file. */
export interface OvsDump {
  readonly flows: readonly OvsFlow[];
  readonly groups: readonly OvsGroup[];
}

/** One OpenFlow flow. */
export interface OvsFlow extends Place {
  /** Number, or name where the tool printed names. 0 when not printed. */
  readonly table: number | string;
  /** 32768 when not printed, as OpenFlow has it. */
  readonly priority: number;
  /** As printed (64-bit, hexadecimal). */
  readonly cookie?: string;
  readonly packets?: number;
  readonly bytes?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly idleTimeout?: number;
  readonly hardTimeout?: number;
  readonly idleAge?: number;
  readonly hardAge?: number;
  /** `tcp`, `in_port="eth0"`, `nw_dst=10.0.0.1`, … in the order of the line. */
  readonly matches: readonly string[];
  /** Everything after `actions=`. */
  readonly actions: string;
  /** The actions cut at commas that are not within brackets. */
  readonly actionList: readonly string[];
  /** Words such as `send_flow_rem` that are neither match nor statistic. */
  readonly flags: readonly string[];
}

const FLAGS: ReadonlySet<string> = new Set([
  'send_flow_rem',
  'check_overlap',
  'reset_counts',
  'no_packet_counts',
  'no_byte_counts',
]);

/** A flow with tens of thousands of characters is damage: Open vSwitch limits a flow to 64 KiB. */
const FLOW_LIMIT = 200_000;

/**
 * Reads `ovs-ofctl dump-flows`:
 *
 * ```text
 *  cookie=0xdeff105, duration=839.789s, table=0, n_packets=6, n_bytes=484, priority=175,tcp,nw_src=172.19.0.3 actions=ct(table=4,zone=64001)
 *   → { cookie: '0xdeff105', duration: 839.789, table: 0, packets: 6, bytes: 484, priority: 175,
 *       matches: ['tcp', 'nw_src=172.19.0.3'], actions: 'ct(table=4,zone=64001)', actionList: ['ct(table=4,zone=64001)'] }
 * ```
 *
 * Numbered flows (`1. table=…`) and flows continued after a backslash, as in printed documents, are accepted, and so are
 * the lines of `ovs-ofctl dump-groups`.
 */
export function parseOvsFlows(text: string): Parsed<OvsDump> {
  const problems = new ProblemLog();
  const flows: OvsFlow[] = [];
  const groups: OvsGroup[] = [];
  let last: number | undefined;
  for (const { number: line, text: content } of joinedLines(readableLinesOf(text, problems))) {
    const isShort = content.length <= FLOW_LIMIT;
    if (isShort && /^\s*\w+_(?:FLOW|GROUP_DESC|GROUP) reply\b/.test(content)) continue;
    const flow = isShort && !isGroupLine(content) ? readFlow(content, line) : undefined;
    const group = isShort ? readGroup(content, line) : undefined;
    last = flow === undefined && group === undefined ? undefined : line;
    if (flow !== undefined) flows.push(flow);
    else if (group !== undefined) groups.push(group);
    else problems.add({ line }, 'expected "… priority=N,MATCH actions=ACTIONS"', content);
  }
  // `goto_table:1` at the end of a file may be the beginning of `goto_table:17`.
  if (last !== undefined && !text.endsWith('\n'))
    problems.add({ line: last }, 'expected the end of the line');
  return { value: { flows, groups }, problems: problems.list() };
}

/** Joins a line that ends in a backslash with the next. */
function* joinedLines(lines: Iterable<Line>): Generator<Line> {
  let first: number | undefined;
  let parts: string[] = [];
  for (const { number, text } of lines) {
    const part = first === undefined ? text : text.trimStart();
    first ??= number;
    if (text.endsWith('\\')) {
      parts.push(part.slice(0, -1));
      continue;
    }
    yield { number: first, text: parts.join('') + part };
    first = undefined;
    parts = [];
  }
  if (first !== undefined) yield { number: first, text: parts.join('') };
}

function readFlow(content: string, line: number): OvsFlow | undefined {
  const split = content.indexOf('actions=');
  if (split < 0 || !isBalanced(content)) return undefined;
  const head = content.slice(0, split).replace(/^\s*\d{1,9}\.\s/, '');
  const fields = new Map<string, string>();
  const matches: string[] = [];
  const flags: string[] = [];
  for (const part of splitTopLevel(head)) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    if (equals >= 0 && STATISTICS.has(name)) fields.set(name, part.slice(equals + 1));
    else if (FLAGS.has(part)) flags.push(part);
    else if (/^[\w.]+$/.test(name)) matches.push(part);
    else return undefined;
  }
  const actions = content.slice(split + 'actions='.length).trim();
  const numbers = numbersOf(fields);
  const cookie = fields.get('cookie');
  if (actions === '' || numbers === undefined) return undefined;
  return {
    table: tableOf(fields.get('table')),
    ...(cookie === undefined ? {} : { cookie }),
    priority: 32_768,
    ...numbers,
    matches,
    actions,
    actionList: splitTopLevel(actions),
    flags,
    line,
  };
}

type NumberField =
  | 'priority'
  | 'packets'
  | 'bytes'
  | 'duration'
  | 'idleTimeout'
  | 'hardTimeout'
  | 'idleAge'
  | 'hardAge';

/** The fields before the match, with the name of the number they become; `table` and `cookie` are text. */
const STATISTICS: ReadonlyMap<string, NumberField | undefined> = new Map([
  ['table', undefined],
  ['cookie', undefined],
  ['priority', 'priority'],
  ['n_packets', 'packets'],
  ['n_bytes', 'bytes'],
  ['duration', 'duration'],
  ['idle_timeout', 'idleTimeout'],
  ['hard_timeout', 'hardTimeout'],
  ['idle_age', 'idleAge'],
  ['hard_age', 'hardAge'],
]);

/** The number fields that were printed; undefined when one of them is not a number. */
function numbersOf(fields: ReadonlyMap<string, string>): { [field in NumberField]?: number } | undefined {
  const numbers: { [field in NumberField]?: number } = {};
  for (const [name, text] of fields) {
    const field = STATISTICS.get(name);
    if (field === undefined) continue;
    if (!/^\d{1,20}(?:\.\d{1,9})?s?$/.test(text)) return undefined;
    numbers[field] = Number.parseFloat(text);
  }
  return numbers;
}

function tableOf(text: string | undefined): number | string {
  if (text === undefined) return 0;
  return /^\d{1,3}$/.test(text) ? Number(text) : text;
}
