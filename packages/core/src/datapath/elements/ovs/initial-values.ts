import { hasPorts, PROTOCOL } from '../../../net/protocol.ts';
import type { Packet } from '../../model/packet.ts';
import { FieldValues } from './field-values.ts';
import { ETH_TYPE, TCP_FLAG } from './match.ts';

/** What comes with a packet beside its IP header. */
export interface Frame {
  readonly inPort: bigint;
  /** Hardware addresses, where they are known. */
  readonly source?: bigint;
  readonly destination?: bigint;
  /** The outer packet, for one that came out of a tunnel. */
  readonly tunnel?: { readonly packet: Packet; readonly id: bigint };
  /** Whether it is the first packet of its direction. */
  readonly isFirst: boolean;
  readonly isReply: boolean;
}

/** Fields that are zero before any flow has set them. */
const ZERO = [
  ...Array.from({ length: 16 }, (_, index) => `reg${index}`),
  ...'metadata ct_state ct_zone ct_mark ct_label conj_id vlan_tci ip_frag icmp_code'.split(' '),
  ...'tun_id tun_src tun_dst tun_ipv6_src tun_ipv6_dst'.split(' '),
];

/** The fields of an IP packet as it comes in by a port. */
export function fieldsOf(packet: Packet, frame: Frame): FieldValues {
  const { source, destination, protocol, ttl, mark, sourcePort, destinationPort, icmpType } = packet;
  const isV4 = source.family === 4;
  const values = frameFields(frame);
  values.set('eth_type', isV4 ? ETH_TYPE.ipv4 : ETH_TYPE.ipv6);
  values.set(isV4 ? 'nw_src' : 'ipv6_src', source.bits);
  values.set(isV4 ? 'nw_dst' : 'ipv6_dst', destination.bits);
  values.set('nw_proto', BigInt(protocol));
  values.set('nw_ttl', BigInt(ttl));
  values.set('pkt_mark', BigInt(mark));
  if (hasPorts(protocol)) {
    values.set('tp_src', optional(sourcePort));
    values.set('tp_dst', optional(destinationPort));
  }
  values.set('icmp_type', optional(icmpType));
  if (protocol === PROTOCOL.tcp && frame.isFirst) {
    values.set('tcp_flags', frame.isReply ? TCP_FLAG.syn | TCP_FLAG.ack : TCP_FLAG.syn);
  }
  return values;
}

/** The fields of a request for the hardware address of an IPv4 address. */
export function arpRequest(
  inPort: bigint,
  sender: { mac: bigint; address: bigint },
  target: bigint,
): FieldValues {
  const frame = { inPort, source: sender.mac, destination: 0xffffffffffffn, isFirst: true, isReply: false };
  const values = frameFields(frame);
  values.set('eth_type', ETH_TYPE.arp);
  values.set('pkt_mark', 0n);
  values.set('arp_op', 1n);
  values.set('arp_sha', sender.mac);
  values.set('arp_spa', sender.address);
  values.set('arp_tha', 0n);
  values.set('arp_tpa', target);
  return values;
}

function frameFields({ inPort, source, destination, tunnel }: Frame): FieldValues {
  const values = new FieldValues(ZERO.map((field) => [field, 0n]));
  values.set('in_port', inPort);
  values.set('eth_src', source);
  values.set('eth_dst', destination);
  if (tunnel !== undefined) {
    const isV4 = tunnel.packet.source.family === 4;
    values.set(isV4 ? 'tun_src' : 'tun_ipv6_src', tunnel.packet.source.bits);
    values.set(isV4 ? 'tun_dst' : 'tun_ipv6_dst', tunnel.packet.destination.bits);
    values.set('tun_id', tunnel.id);
  }
  return values;
}

function optional(number: number | undefined): bigint | undefined {
  return number === undefined ? undefined : BigInt(number);
}

/** The packet with what flows have changed of it; undefined where they have made a part of it unknown. */
export function packetOf(values: FieldValues, before: Packet): Packet | undefined {
  const { family } = before.source;
  const source = values.get(family === 4 ? 'nw_src' : 'ipv6_src');
  const destination = values.get(family === 4 ? 'nw_dst' : 'ipv6_dst');
  const ttl = values.get('nw_ttl');
  const mark = values.get('pkt_mark');
  if (source === undefined || destination === undefined || ttl === undefined || mark === undefined)
    return undefined;
  const { sourcePort: _source, destinationPort: _destination, ...rest } = before;
  const sourcePort = values.get('tp_src');
  const destinationPort = values.get('tp_dst');
  const isTranslated = source !== before.source.bits || sourcePort !== optional(before.sourcePort);
  return {
    ...rest,
    source: { family, bits: source },
    destination: { family, bits: destination },
    ...(sourcePort === undefined ? {} : { sourcePort: Number(sourcePort) }),
    ...(destinationPort === undefined ? {} : { destinationPort: Number(destinationPort) }),
    ttl: Number(ttl),
    mark: Number(mark),
    snat: before.snat || isTranslated,
  };
}
