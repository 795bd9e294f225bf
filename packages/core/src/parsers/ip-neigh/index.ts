import type { Place } from '../../model/evidence.ts';
import { familyOf } from '../iproute2/address.ts';
import { type Draft, defined } from '../iproute2/defined.ts';
import {
  hasMark,
  type JsonRecord,
  jsonRecords,
  sketchOf,
  stringField,
  stringsField,
} from '../iproute2/json.ts';
import { SharedLines } from '../iproute2/shared-lines.ts';
import { Words } from '../iproute2/words.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject } from '../tool-output/index.ts';

/** An entry of the neighbour table (ARP and neighbour discovery). */
export interface Neighbour extends Place {
  readonly family: 4 | 6;
  readonly address: string;
  readonly device?: string;
  /** Link-layer address; an IP address on tunnels. Absent while it is not known. */
  readonly mac?: string;
  /** `REACHABLE`, `STALE`, `DELAY`, `PROBE`, `FAILED`, `INCOMPLETE`, `NOARP`, `PERMANENT`, or `NONE` when none is printed. */
  readonly state: string;
  readonly isRouter: boolean;
  readonly isProxy: boolean;
  /** Who made the entry, as printed: `zebra`, `static` … */
  readonly protocol?: string;
  /** `extern_learn`, `offload`, `managed` … */
  readonly flags: readonly string[];
}

const STATE = /^(?:(?:INCOMPLETE|REACHABLE|STALE|DELAY|PROBE|FAILED|NOARP|PERMANENT|NONE)(?:,|$))+$/;
const FLAGS = new Set(['extern_learn', 'offload', 'managed', 'ext_managed', 'extern_valid', 'sticky']);
/** Statistics of `-s`, which prints `used 2/62/2probes 6` without a space. */
const STATISTICS = new Set(['ref', 'used', 'probes', 'vlan', 'vni', 'nhid']);

/**
 * Reads `ip neigh`.
 *
 * ```text
 * fe80::4638:39ff:fe00:25 dev swp2 lladdr 44:38:39:00:00:25 router REACHABLE
 * ```
 * gives `{ family: 6, address: 'fe80::4638:39ff:fe00:25', device: 'swp2', mac: '44:38:39:00:00:25', state: 'REACHABLE',
 * isRouter: true, isProxy: false, flags: [], line: 1 }`. Texts read with the same `lines` share records.
 */
export function parseIpNeigh(
  text: string,
  lines: SharedLines = new SharedLines(),
): Parsed<readonly Neighbour[]> {
  const problems = new ProblemLog();
  const value: Neighbour[] = [];
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const neighbour = lines.record(content, line, (own) => readNeighbour(new Words(own), line));
    if (typeof neighbour === 'string') reject(problems, { line }, neighbour, content);
    else value.push(neighbour);
  }
  return { value, problems: problems.list() };
}

function readNeighbour(words: Words, line: number): Neighbour | string {
  const address = words.next();
  const family = familyOf(address);
  if (address === undefined || family === undefined)
    return 'expected a neighbour, as in "10.0.0.1 dev eth0 STALE"';
  const flags: string[] = [];
  const found: Draft<Neighbour> = {
    line,
    family,
    address,
    state: 'NONE',
    isRouter: false,
    isProxy: false,
    flags,
  };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'router') found.isRouter = true;
    else if (word === 'proxy') found.isProxy = true;
    else if (FLAGS.has(word)) flags.push(word);
    else if (STATE.test(word)) found.state = word;
    else {
      const value = words.next();
      if (value === undefined) return `unknown word "${word.slice(0, 40)}" about a neighbour`;
      if (word === 'dev') found.device = value;
      else if (word === 'lladdr') found.mac = value;
      else if (word === 'proto') found.protocol = value;
      else if (!STATISTICS.has(word)) return `unknown word "${word.slice(0, 40)}" about a neighbour`;
      else if (value.endsWith('probes')) words.next();
    }
  }
  return found;
}

/** Reads `ip -j neigh`: the same records as {@link parseIpNeigh}, with `pointer` for `line`. */
export function parseIpNeighJson(text: string): Parsed<readonly Neighbour[]> {
  const problems = new ProblemLog();
  const value = jsonRecords(text, problems).flatMap((record) => neighbourFromJson(record, problems) ?? []);
  return { value, problems: problems.list() };
}

function neighbourFromJson({ fields, pointer }: JsonRecord, problems: ProblemLog): Neighbour | undefined {
  const address = stringField(fields, 'dst');
  const family = familyOf(address);
  if (address === undefined || family === undefined) {
    problems.add({ pointer }, 'expected a neighbour with an address as "dst"', sketchOf(fields));
    return undefined;
  }
  const states = stringsField(fields, 'state');
  return {
    pointer,
    family,
    address,
    ...defined({
      device: stringField(fields, 'dev'),
      mac: stringField(fields, 'lladdr'),
      protocol: stringField(fields, 'protocol'),
    }),
    state: states.length === 0 ? 'NONE' : states.join(','),
    isRouter: hasMark(fields, 'router'),
    isProxy: hasMark(fields, 'proxy'),
    flags: Object.keys(fields).filter((name) => FLAGS.has(name) && hasMark(fields, name)),
  };
}
