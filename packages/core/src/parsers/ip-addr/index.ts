import type { Place } from '../../model/evidence.ts';
import { linkFromJson } from '../ip-link/json.ts';
import type { Link } from '../ip-link/link.ts';
import { type LinkDraft, readLinks } from '../ip-link/text.ts';
import { familyOf } from '../iproute2/address.ts';
import { defined } from '../iproute2/defined.ts';
import {
  type JsonRecord,
  jsonRecords,
  numberField,
  recordsField,
  sketchOf,
  stringField,
} from '../iproute2/json.ts';
import { Words } from '../iproute2/words.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';

/** An address of an interface. */
export interface Address extends Place {
  readonly family: 4 | 6;
  readonly address: string;
  /** Length of the on-link prefix. With a peer it is the peer's. */
  readonly prefixLength: number;
  readonly scope?: string;
  readonly peer?: string;
  readonly broadcast?: string;
  /** IPv4 only: the interface name, or an alias such as `eth0:1`. */
  readonly label?: string;
  /** What set the address, as newer kernels know it: `kernel_lo`, `kernel_ra`, `kernel_ll` … */
  readonly protocol?: string;
  /** `secondary`, `dynamic`, `tentative`, `dadfailed`, `deprecated`, `noprefixroute` … */
  readonly flags: readonly string[];
}

/** An interface with its addresses, in the order printed. */
export interface InterfaceAddresses extends Link {
  readonly addresses: readonly Address[];
}

const FLAGS = new Set(
  'secondary temporary nodad optimistic dadfailed home deprecated tentative permanent dynamic mngtmpaddr noprefixroute autojoin stable-privacy'.split(
    ' ',
  ),
);

/**
 * Reads `ip addr`, with or without `-d`.
 *
 * ```text
 * 3: eth0@if356: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1480 qdisc noqueue state UP group default qlen 1000
 *     link/ether ca:39:52:fc:61:cd brd ff:ff:ff:ff:ff:ff link-netnsid 0
 *     inet 10.233.119.164/32 scope global eth0
 *        valid_lft forever preferred_lft forever
 * ```
 * gives the link of `parseIpLink` with `addresses: [{ family: 4, address: '10.233.119.164', prefixLength: 32,
 * scope: 'global', label: 'eth0', flags: [], line: 3 }]`.
 */
export function parseIpAddr(text: string): Parsed<readonly InterfaceAddresses[]> {
  const problems = new ProblemLog();
  const addresses = new Map<LinkDraft, Address[]>();
  const links = readLinks(text, problems, (link, line) => {
    const words = new Words(line.text);
    if (words.peek() === 'valid_lft') return true;
    const address = readAddress(words, line.number);
    if (address === undefined) return false;
    const known = addresses.get(link);
    if (known === undefined) addresses.set(link, [address]);
    else known.push(address);
    return true;
  });
  const value = links.map((link) => ({ ...link, addresses: addresses.get(link) ?? [] }));
  return { value, problems: problems.list() };
}

function readAddress(words: Words, line: number): Address | undefined {
  const word = words.take('inet', 'inet6');
  if (word === undefined) return undefined;
  const family = word === 'inet' ? 4 : 6;
  const [address, ownLength] = splitPrefix(words.next());
  const [peer, peerLength] = words.take('peer') === undefined ? [] : splitPrefix(words.next());
  const prefixLength = peer === undefined ? ownLength : peerLength;
  if (address === undefined || familyOf(address) !== family) return undefined;
  if (prefixLength === undefined || prefixLength > (family === 4 ? 32 : 128)) return undefined;
  return { line, family, address, prefixLength, ...defined({ peer }), ...readAttributes(words, family) };
}

function splitPrefix(text: string | undefined): [string?, number?] {
  const [, address, length] = /^([^/]{2,64})(?:\/(\d{1,3}))?$/.exec(text ?? '') ?? [];
  if (address === undefined) return [];
  return length === undefined ? [address] : [address, Number(length)];
}

type Attributes = Pick<Address, 'broadcast' | 'scope' | 'label' | 'protocol' | 'flags'>;

function readAttributes(words: Words, family: 4 | 6): Attributes {
  const flags: string[] = [];
  let broadcast: string | undefined;
  let scope: string | undefined;
  let label: string | undefined;
  let protocol: string | undefined;
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'brd') broadcast = words.next();
    else if (word === 'scope') scope = words.next();
    else if (word === 'proto') protocol = words.next();
    else if (word === 'metric' || word === 'any') words.next();
    else if (word === 'flags') flags.push(`flags ${words.next()}`);
    else if (FLAGS.has(word) || family === 6) flags.push(word);
    else label = word;
  }
  return { flags, ...defined({ broadcast, scope, label, protocol }) };
}

/** Reads `ip -j addr`: the same records as {@link parseIpAddr}, with `pointer` for `line`. */
export function parseIpAddrJson(text: string): Parsed<readonly InterfaceAddresses[]> {
  const problems = new ProblemLog();
  const value = jsonRecords(text, problems).flatMap((record) => {
    const link = linkFromJson(record, problems);
    if (link === undefined) return [];
    const addresses = recordsField(record, 'addr_info').flatMap(
      (entry) => addressFromJson(entry, problems) ?? [],
    );
    return [{ ...link, addresses }];
  });
  return { value, problems: problems.list() };
}

function addressFromJson({ fields, pointer }: JsonRecord, problems: ProblemLog): Address | undefined {
  // `{}` stands for an address that the filter of an `ip` before 5.0 dropped.
  if (Object.keys(fields).length === 0) return undefined;
  const address = stringField(fields, 'local');
  const prefixLength = numberField(fields, 'prefixlen');
  const family = familyOf(address);
  if (address === undefined || prefixLength === undefined || family === undefined) {
    problems.add({ pointer }, 'expected an address with "local" and "prefixlen"', sketchOf(fields));
    return undefined;
  }
  return {
    pointer,
    family,
    address,
    prefixLength,
    ...defined({
      scope: stringField(fields, 'scope'),
      peer: stringField(fields, 'address'),
      broadcast: stringField(fields, 'broadcast'),
      label: stringField(fields, 'label'),
      protocol: stringField(fields, 'protocol'),
    }),
    flags: Object.keys(fields).filter((name) => FLAGS.has(name) && fields[name] !== false),
  };
}
