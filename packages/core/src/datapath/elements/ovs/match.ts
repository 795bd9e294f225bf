import type { FieldValues } from './field-values.ts';
import { fieldWidth, readFieldRange } from './fields.ts';
import { type MaskedValue, readFlags, readMasked } from './value-text.ts';

/** What a flow asks of packets. */
export interface FlowMatch {
  readonly tests: readonly (MaskedValue & { readonly field: string })[];
  /** Parts that are not modelled, as they stand in the flow. */
  readonly unread: readonly string[];
}

type Test = FlowMatch['tests'][number];

/** Bits of `ct_state` (lib/odp-util.h, `CS_*`). */
export const CT_STATE = {
  new: 0x01n,
  est: 0x02n,
  rel: 0x04n,
  rpl: 0x08n,
  inv: 0x10n,
  trk: 0x20n,
  snat: 0x40n,
  dnat: 0x80n,
} as const;

/** Bits of `tcp_flags`. */
export const TCP_FLAG = {
  fin: 1n,
  syn: 2n,
  rst: 4n,
  psh: 8n,
  ack: 16n,
  urg: 32n,
  ece: 64n,
  cwr: 128n,
} as const;

export const ETH_TYPE = { ipv4: 0x800n, arp: 0x806n, ipv6: 0x86ddn } as const;

/** Words for protocols, with the type of the frame and the protocol they stand for. */
const PROTOCOLS: Readonly<Record<string, readonly [bigint, bigint?]>> = {
  ip: [ETH_TYPE.ipv4],
  ipv6: [ETH_TYPE.ipv6],
  arp: [ETH_TYPE.arp],
  rarp: [0x8035n],
  icmp: [ETH_TYPE.ipv4, 1n],
  igmp: [ETH_TYPE.ipv4, 2n],
  tcp: [ETH_TYPE.ipv4, 6n],
  udp: [ETH_TYPE.ipv4, 17n],
  sctp: [ETH_TYPE.ipv4, 132n],
  tcp6: [ETH_TYPE.ipv6, 6n],
  udp6: [ETH_TYPE.ipv6, 17n],
  icmp6: [ETH_TYPE.ipv6, 58n],
  sctp6: [ETH_TYPE.ipv6, 132n],
};

/** What the words of `ip_frag` ask of its two bits (lib/meta-flow.c, `mf_from_frag_string`). */
const FRAGMENTS: Readonly<Record<string, MaskedValue>> = {
  no: { value: 0n, mask: 3n },
  yes: { value: 1n, mask: 1n },
  first: { value: 1n, mask: 3n },
  later: { value: 3n, mask: 3n },
  not_later: { value: 0n, mask: 2n },
};

/** Reads the match of a flow; `portId` numbers ports by what is printed for them. */
export function readMatch(parts: readonly string[], portId: (text: string) => bigint): FlowMatch {
  const tests: Test[] = [];
  const unread: string[] = [];
  for (const part of parts) {
    const read = readPart(part, portId);
    if (read === undefined) unread.push(part);
    else tests.push(...read);
  }
  return { tests, unread };
}

function readPart(part: string, portId: (text: string) => bigint): readonly Test[] | undefined {
  const equals = part.indexOf('=');
  if (equals < 0) return readProtocol(part);
  const name = part.slice(0, equals);
  const text = part.slice(equals + 1);
  const range = readFieldRange(name);
  if (range === undefined) return undefined;
  const { field, start, width } = range;
  if (field === 'in_port') return [{ field, value: portId(text), mask: (1n << 64n) - 1n }];
  const named = readNamed(field, text);
  if (named !== undefined) return [{ field, ...named }];
  const read = readMasked(text, width);
  if (read === undefined) return undefined;
  return [{ field, value: read.value << BigInt(start), mask: read.mask << BigInt(start) }];
}

function readProtocol(word: string): readonly Test[] | undefined {
  const found = Object.hasOwn(PROTOCOLS, word) ? PROTOCOLS[word] : undefined;
  if (found === undefined) return undefined;
  const [type, protocol] = found;
  const test = (field: string, value: bigint): Test => ({
    field,
    value,
    mask: (1n << BigInt(fieldWidth(field))) - 1n,
  });
  return [test('eth_type', type), ...(protocol === undefined ? [] : [test('nw_proto', protocol)])];
}

function readNamed(field: string, text: string): MaskedValue | undefined {
  if (field === 'ct_state') return readFlags(text, CT_STATE);
  if (field === 'tcp_flags') return readFlags(text, TCP_FLAG);
  return field === 'ip_frag' && Object.hasOwn(FRAGMENTS, text) ? FRAGMENTS[text] : undefined;
}

/** Whether a packet matches: yes, no, or what of the match can not be decided. */
export function testMatch({ tests, unread }: FlowMatch, values: FieldValues): boolean | string {
  let undecided = unread[0] === undefined ? undefined : `match ${unread[0]} is not modelled`;
  for (const { field, value, mask } of tests) {
    const held = values.get(field);
    if (held !== undefined) {
      if ((held & mask) !== value) return false;
    } else if (mask !== 0n) undecided ??= `${field} of the packet is not known`;
  }
  return undecided ?? true;
}
