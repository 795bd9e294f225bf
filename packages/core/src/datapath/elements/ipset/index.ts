import { formatAddress, type IpAddress, parseAddress } from '../../../net/address.ts';
import { parsePrefix, prefixContains } from '../../../net/prefix.ts';
import { PrefixTable } from '../../../net/prefix-table.ts';
import { hasPorts, protocolNumber } from '../../../net/protocol.ts';
import type { Ipset, IpsetEntry } from '../../../parsers/ipset/index.ts';
import type { RuleContext } from '../../firewall/context.ts';
import { type TestResult, unsure } from '../../firewall/verdict.ts';

/**
 * Sets of `ipset`, asked as the `set` match asks them (kernel: net/netfilter/ipset/ip_set_hash_gen.h and the file of each
 * type). Types: `hash:` and `bitmap:` of any of `ip`, `net`, `port`, `mark`, `iface`, and `list:set`.
 */
export class Ipsets {
  static readonly #known = new WeakMap<ReadonlyMap<string, Ipset>, Ipsets>();

  readonly #sets: ReadonlyMap<string, Ipset>;
  readonly #indexes = new Map<string, SetOfOneType>();

  readonly #isComplete: boolean;

  /** The sets of a dump, which nodes that have the same dump share. */
  static of(sets: ReadonlyMap<string, Ipset>, isComplete: boolean): Ipsets {
    const known = Ipsets.#known.get(sets);
    if (known !== undefined && known.#isComplete === isComplete) return known;
    const made = new Ipsets(sets, isComplete);
    Ipsets.#known.set(sets, made);
    return made;
  }

  private constructor(sets: ReadonlyMap<string, Ipset>, isComplete: boolean) {
    this.#sets = sets;
    this.#isComplete = isComplete;
  }

  /** Whether a set holds the packet. The directions say which end each part is compared with. */
  has(name: string, directions: readonly string[], context: RuleContext, depth = 0): TestResult {
    const set = this.#sets.get(name);
    if (set === undefined) return unsure(`set ${name} is not in the dump`);
    if (set.type === 'list:set') return this.#hasMember(set, directions, context, depth);
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = new SetOfOneType(set);
      this.#indexes.set(name, index);
    }
    const result = index.has(directions, context);
    return result === false && !this.#isComplete ? unsure('the dump of sets is cut or damaged') : result;
  }

  #hasMember(set: Ipset, directions: readonly string[], context: RuleContext, depth: number): TestResult {
    if (depth > 0) return unsure(`set ${set.name} is a list of lists`);
    let result: TestResult = false;
    for (const { element } of set.entries) {
      const member = this.has(element, directions, context, depth + 1);
      if (member === true) return true;
      if (member !== false) result = member;
    }
    return result;
  }
}

const PARTS: ReadonlySet<string> = new Set(['ip', 'net', 'port', 'mark', 'iface', 'mac']);

/** Entries found by their first part when that is an address; a `nomatch` entry takes addresses out again. */
class SetOfOneType {
  readonly #set: Ipset;
  readonly #kinds: readonly string[];
  readonly #byAddress = new PrefixTable<IpsetEntry>();
  readonly #exact = new Map<string, IpsetEntry>();
  readonly #others: IpsetEntry[] = [];

  constructor(set: Ipset) {
    this.#set = set;
    this.#kinds = set.type.slice(set.type.indexOf(':') + 1).split(',');
    for (const entry of set.entries) this.#add(entry);
  }

  #add(entry: IpsetEntry): void {
    const [first = ''] = entry.parts;
    if (this.#kinds[0] === 'ip' && this.#kinds.length > 1 && !/[-/]/.test(entry.element)) {
      this.#exact.set(entry.element.toLowerCase(), entry);
      return;
    }
    const prefix = parsePrefix(first);
    if (prefix === undefined) this.#others.push(entry);
    else this.#byAddress.add(prefix, entry);
  }

  has(directions: readonly string[], context: RuleContext): TestResult {
    const unknown = this.#kinds.find((kind) => !PARTS.has(kind));
    if (unknown !== undefined || this.#kinds.includes('mac')) {
      return unsure(`sets of type ${this.#set.type} are not modelled`);
    }
    if (!this.#isOfFamily(context)) return false;
    if (this.#set.entries.length === 0) return false;
    const exact = this.#exactKey(directions, context);
    if (exact !== undefined && this.#exact.has(exact)) return true;
    const first = addressOf(directions[0], context);
    for (const entry of this.#byAddress.matches(first)) {
      if (this.#restMatches(entry, directions, context)) return !entry.nomatch;
    }
    return this.#others.some((entry) => this.#allMatch(entry, directions, context));
  }

  #isOfFamily({ packet }: RuleContext): boolean {
    const family = this.#set.options.get('family');
    const isBitmapOfAddresses = this.#set.type.startsWith('bitmap:ip');
    if (family === undefined && !isBitmapOfAddresses) return true;
    return packet.destination.family === (family === 'inet6' ? 6 : 4);
  }

  /** The element as the set would print it. */
  #exactKey(directions: readonly string[], context: RuleContext): string | undefined {
    const parts = this.#kinds.map((kind, index) => printedPart(kind, directions[index], context));
    return parts.includes(undefined) ? undefined : parts.join(',');
  }

  #restMatches(entry: IpsetEntry, directions: readonly string[], context: RuleContext): boolean {
    return this.#kinds.every(
      (kind, index) => index === 0 || partMatches(kind, entry.parts[index], directions[index], context),
    );
  }

  #allMatch(entry: IpsetEntry, directions: readonly string[], context: RuleContext): boolean {
    return this.#kinds.every((kind, index) =>
      partMatches(kind, entry.parts[index], directions[index], context),
    );
  }
}

function addressOf(direction: string | undefined, { packet }: RuleContext): IpAddress {
  return direction === 'dst' ? packet.destination : packet.source;
}

function portOf(direction: string | undefined, { packet }: RuleContext): number | undefined {
  return direction === 'dst' ? packet.destinationPort : packet.sourcePort;
}

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);

function printedPart(kind: string, direction: string | undefined, context: RuleContext): string | undefined {
  if (kind === 'ip') return formatAddress(addressOf(direction, context));
  if (kind !== 'port') return undefined;
  const port = portOf(direction, context);
  const protocol = PROTOCOL_NAMES.get(context.packet.protocol);
  return port === undefined || protocol === undefined ? undefined : `${protocol}:${port}`;
}

function partMatches(
  kind: string,
  text: string | undefined,
  direction: string | undefined,
  context: RuleContext,
): boolean {
  if (text === undefined) return false;
  switch (kind) {
    case 'ip':
    case 'net':
      return addressMatches(text, addressOf(direction, context));
    case 'port':
      return portMatches(text, portOf(direction, context), context.packet.protocol);
    case 'mark':
      return Number(text) === context.packet.mark;
    case 'iface':
      return text === (direction === 'dst' ? context.outInterface : context.inInterface);
    default:
      return false;
  }
}

function addressMatches(text: string, address: IpAddress): boolean {
  const prefix = parsePrefix(text);
  if (prefix !== undefined) return prefixContains(prefix, address);
  const [first, last] = text.split('-').map(parseAddress);
  if (first === undefined || last === undefined || first.family !== address.family) return false;
  return address.bits >= first.bits && address.bits <= last.bits;
}

/** `80`, `tcp:80`, `udp:1000-2000`; a bare number is of TCP in hashes and of both in bitmaps. */
function portMatches(text: string, port: number | undefined, protocol: number): boolean {
  const [, name, first, last] = /^(?:([a-z0-9-]+):)?(\d+)(?:-(\d+))?$/i.exec(text) ?? [];
  if (first === undefined || port === undefined || !hasPorts(protocol)) return false;
  if (name !== undefined && protocolNumber(name) !== protocol) return false;
  return port >= Number(first) && port <= Number(last ?? first);
}
