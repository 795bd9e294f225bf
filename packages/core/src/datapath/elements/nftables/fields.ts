import { hasPorts, PROTOCOL } from '../../../net/protocol.ts';
import { arrivalOf, type RuleContext } from '../../firewall/context.ts';
import type { Packet } from '../../model/packet.ts';
import type { Cursor } from './cursor.ts';
import { NotUnderstood } from './cursor.ts';
import {
  bit,
  CT_STATE,
  CT_STATUS,
  ICMP_TYPE,
  ICMPV6_TYPE,
  PORT,
  PROTOCOL_NUMBER,
  TCP_FLAGS,
} from './datatypes.ts';
import { frameType, readFrameField } from './frame-fields.ts';
import { ABSENT, ADDRESS, type Datatype, NAME, NUMBER, numberValue, type Value } from './value.ts';

/** Something that can be read from a packet or its surroundings. */
export interface Field {
  readonly type: Datatype;
  read(context: RuleContext): Value;
}

const notKnown =
  (reason: string): ((context: RuleContext) => Value) =>
  () => ({ kind: 'unsure', reason });

/** Reads `ip saddr`, `tcp dport`, `meta mark`, `ct state`, … if one comes next. */
export function readField(cursor: Cursor): Field | undefined {
  const word = cursor.peek() ?? '';
  const after = cursor.peek(1) ?? '';
  if (word === 'ip' || word === 'ip6') return two(cursor, networkHeader(word === 'ip' ? 4 : 6, after));
  if (TRANSPORTS.has(word)) return two(cursor, transportHeader(word, after));
  if (word === 'icmp' || word === 'icmpv6') return two(cursor, icmpHeader(word, after));
  if (word === 'arp' || word === 'ether') return readFrameField(cursor);
  if (word === 'meta') return two(cursor, meta(after));
  if (word === 'ct') return connectionField(cursor);
  if (BARE_META.has(word)) {
    cursor.next();
    return meta(word);
  }
  return undefined;
}

function two(cursor: Cursor, field: Field | undefined): Field {
  const text = `${cursor.next()} ${cursor.next()}`;
  if (field === undefined) throw new NotUnderstood(`${text} is not modelled`);
  return field;
}

const TRANSPORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite', 'th']);

/** `mark` without `meta` is how iptables extensions translate themselves. */
const BARE_META: ReadonlySet<string> = new Set([
  'iif',
  'oif',
  'iifname',
  'oifname',
  'mark',
  'l4proto',
  'nfproto',
]);

function networkHeader(family: 4 | 6, name: string): Field | undefined {
  const inFamily = (read: (context: RuleContext) => Value) => (context: RuleContext) =>
    context.packet.destination.family === family && context.packet.arp === undefined ? read(context) : ABSENT;
  switch (name) {
    case 'saddr':
      return {
        type: ADDRESS,
        read: inFamily(({ packet }) => ({ kind: 'address', address: packet.source })),
      };
    case 'daddr':
      return {
        type: ADDRESS,
        read: inFamily(({ packet }) => ({ kind: 'address', address: packet.destination })),
      };
    case 'protocol':
    case 'nexthdr':
      return { type: PROTOCOL_NUMBER, read: inFamily(({ packet }) => numberValue(packet.protocol)) };
    case 'ttl':
    case 'hoplimit':
      return { type: NUMBER, read: inFamily(({ packet }) => numberValue(packet.ttl)) };
    case 'length':
      return { type: NUMBER, read: inFamily(({ packet }) => numberValue(packet.size)) };
    case 'version':
      return { type: NUMBER, read: inFamily(() => numberValue(family)) };
    default:
      return undefined;
  }
}

function transportHeader(name: string, field: string): Field | undefined {
  const isOfProtocol = (protocol: number): boolean =>
    name === 'th' ? hasPorts(protocol) : protocol === PROTOCOL_NUMBER.named?.(name);
  if (field === 'sport' || field === 'dport') {
    const which = field === 'sport' ? 'sourcePort' : 'destinationPort';
    return {
      type: PORT,
      read({ packet }) {
        if (!isOfProtocol(packet.protocol)) return name === 'th' ? otherHeader(packet, which) : ABSENT;
        const port = packet[which];
        return port === undefined
          ? {
              kind: 'unsure',
              reason: `the question names no ${which === 'sourcePort' ? 'source port' : 'port'}`,
            }
          : numberValue(port);
      },
    };
  }
  if (name !== 'tcp' || field !== 'flags') return undefined;
  return {
    type: TCP_FLAGS,
    read: ({ packet }) => (packet.protocol === PROTOCOL.tcp ? numberValue(packet.tcpFlags) : ABSENT),
  };
}

/**
 * `th` takes the first bytes behind the network header for ports whatever they are (net/netfilter/nft_payload.c): of ICMP the
 * type and code, then the checksum. What can not be known there is taken for a number that no port has.
 */
function otherHeader({ arp, icmpType }: Packet, which: 'sourcePort' | 'destinationPort'): Value {
  if (arp !== undefined) return ABSENT;
  return numberValue(which === 'sourcePort' && icmpType !== undefined ? icmpType << 8 : NO_PORT);
}

const NO_PORT = 0x1_0000;

function icmpHeader(name: string, field: string): Field | undefined {
  const protocol = name === 'icmp' ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  const read = (value: (context: RuleContext) => number | undefined) => (context: RuleContext) =>
    context.packet.protocol === protocol ? numberValue(value(context)) : ABSENT;
  if (field === 'type') {
    return { type: name === 'icmp' ? ICMP_TYPE : ICMPV6_TYPE, read: read(({ packet }) => packet.icmpType) };
  }
  return field === 'code' ? { type: NUMBER, read: read(() => 0) } : undefined;
}

function meta(key: string): Field | undefined {
  switch (key) {
    case 'mark':
      return { type: NUMBER, read: ({ packet }) => numberValue(packet.mark) };
    case 'l4proto':
      return {
        type: PROTOCOL_NUMBER,
        read: ({ packet }) => (packet.arp === undefined ? numberValue(packet.protocol) : ABSENT),
      };
    case 'nfproto':
      return {
        type: NAME,
        read: ({ packet: { arp, destination } }) => ({
          kind: 'name',
          name: arp === undefined ? `ipv${destination.family}` : 'arp',
        }),
      };
    case 'protocol':
      return { type: NAME, read: (context) => ({ kind: 'name', name: frameType(context) }) };
    case 'iif':
    case 'iifname':
      return { type: NAME, read: ({ inInterface }) => ({ kind: 'name', name: inInterface }) };
    case 'oif':
    case 'oifname':
      return {
        type: NAME,
        read: ({ outInterface }) =>
          outInterface === undefined
            ? { kind: 'unsure', reason: 'the interface it leaves by is not known' }
            : { kind: 'name', name: outInterface },
      };
    case 'ibrname':
      return { type: NAME, read: ({ bridge, inInterface }) => bridgeName(inInterface === '' ? '' : bridge) };
    case 'obrname':
      return {
        type: NAME,
        read: ({ bridge, outInterface }) => bridgeName(outInterface === '' ? '' : bridge),
      };
    case 'pkttype':
      return {
        type: NAME,
        read: (context) => ({ kind: 'name', name: arrivalOf(context) }),
      };
    case 'length':
      return { type: NUMBER, read: ({ packet }) => numberValue(packet.size) };
    case 'random':
      return { type: NUMBER, read: () => ({ kind: 'uniform', size: 2 ** 32 }) };
    case 'skuid':
    case 'skgid':
    case 'cgroup':
      return {
        type: NAME,
        read: (context) =>
          context.hook === 'output' ? notKnown('the process that sends is not known')(context) : ABSENT,
      };
    default:
      return undefined;
  }
}

/** The bridge of a port; none where the frame did not come, or does not go, by a port (net/bridge/netfilter/nft_meta_bridge.c). */
function bridgeName(name: string): Value {
  return name === '' ? ABSENT : { kind: 'name', name };
}

/** `ct state`, `ct mark`, `ct original ip daddr`, `ct original proto-dst` */
function connectionField(cursor: Cursor): Field {
  cursor.next();
  const direction = cursor.take('original', 'reply');
  const family = cursor.take('ip', 'ip6');
  const key = cursor.next();
  const field = direction === undefined ? connectionKey(key) : flowKey(direction === 'original', family, key);
  if (field === undefined) throw new NotUnderstood(`ct ${key} is not modelled`);
  return field;
}

function connectionKey(key: string): Field | undefined {
  switch (key) {
    case 'state':
      return { type: CT_STATE, read: ({ connection }) => numberValue(bit(CT_STATE, connection.state)) };
    case 'status':
      return {
        type: CT_STATUS,
        read({ connection: { tracked, direction } }) {
          if (tracked === undefined) return ABSENT;
          const isOld = tracked.isEstablished || direction === 'reply';
          const bits =
            (tracked.hasSourceTranslated() ? bit(CT_STATUS, 'snat') : 0) |
            (tracked.hasDestinationTranslated() ? bit(CT_STATUS, 'dnat') : 0);
          return numberValue(isOld ? bits | bit(CT_STATUS, 'confirmed') : bits);
        },
      };
    case 'mark':
      return { type: NUMBER, read: ({ connection }) => numberValue(connection.tracked?.mark) };
    case 'direction':
      return {
        type: NAME,
        read: ({ connection }) =>
          connection.tracked === undefined ? ABSENT : { kind: 'name', name: connection.direction },
      };
    default:
      return undefined;
  }
}

function flowKey(isOriginal: boolean, family: string | undefined, key: string): Field | undefined {
  const flow = ({ connection: { tracked } }: RuleContext) =>
    isOriginal ? tracked?.original : tracked?.reply;
  const wanted = family === undefined ? undefined : family === 'ip' ? 4 : 6;
  const address = (end: 'source' | 'destination'): Field => ({
    type: ADDRESS,
    read(context) {
      const value = flow(context)?.[end];
      if (value === undefined || (wanted !== undefined && value.family !== wanted)) return ABSENT;
      return { kind: 'address', address: value };
    },
  });
  const port = (end: 'sourcePort' | 'destinationPort'): Field => ({
    type: PORT,
    read: (context) => numberValue(flow(context)?.[end]),
  });
  switch (key) {
    case 'saddr':
      return address('source');
    case 'daddr':
      return address('destination');
    case 'proto-src':
      return port('sourcePort');
    case 'proto-dst':
      return port('destinationPort');
    case 'protocol':
      return { type: PROTOCOL_NUMBER, read: (context) => numberValue(flow(context)?.protocol) };
    default:
      return undefined;
  }
}
