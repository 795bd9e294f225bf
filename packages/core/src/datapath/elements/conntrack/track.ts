import type { Flow } from '../../../net/flow.ts';
import { PROTOCOL } from '../../../net/protocol.ts';
import type { Namespace } from '../../model/namespace.ts';
import type { Packet } from '../../model/packet.ts';
import type { Buffer, Walk } from '../../walk/walk.ts';
import { isNeighbourDiscovery } from '../icmp-types.ts';
import { Connection, INVALID, UNTRACKED } from './connection.ts';

/**
 * Finds or opens the connection of a packet (net/netfilter/nf_conntrack_core.c, `nf_conntrack_in`).
 * A packet that was looked up before, or that a rule took out of tracking, is left as it is.
 */
export function trackPacket(walk: Walk, namespace: Namespace, buffer: Buffer): undefined {
  if (buffer.connection !== undefined) return;
  // `icmpv6_error` of net/netfilter/nf_conntrack_proto_icmpv6.c
  if (isNeighbourDiscovery(buffer.packet)) {
    buffer.connection = UNTRACKED;
    return;
  }
  let connections = walk.connections.get(namespace);
  if (connections === undefined) {
    connections = [];
    walk.connections.set(namespace, connections);
  }
  const flow = flowOf(buffer.packet);
  // Where an open port leaves it open which of two is meant, an answer belongs to the one it meets first: the last.
  for (const tracked of connections.toReversed()) {
    const direction = tracked.directionOf(flow);
    if (direction === undefined) continue;
    const isEstablished = direction === 'reply' || tracked.isEstablished;
    buffer.connection = { state: isEstablished ? 'established' : 'new', direction, tracked };
    return;
  }
  // Neither a SYN,ACK nor an echo reply opens one (net/netfilter/nf_conntrack_proto_tcp.c, `tcp_new`; nf_conntrack_proto_icmp.c).
  if (walk.isReply && CANNOT_OPEN.includes(buffer.packet.protocol)) {
    buffer.connection = INVALID;
    return;
  }
  const tracked = new Connection(flow, walk.isEstablished);
  connections.push(tracked);
  buffer.connection = { state: walk.isEstablished ? 'established' : 'new', direction: 'original', tracked };
}

/** Protocols whose answers can be told from what they answer. */
const CANNOT_OPEN: readonly number[] = [PROTOCOL.tcp, PROTOCOL.icmp, PROTOCOL.icmpv6];

function flowOf(packet: Packet): Flow {
  const { source, destination, protocol, sourcePort, destinationPort, icmpType, icmpId } = packet;
  return {
    source,
    destination,
    protocol,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    ...(icmpType === undefined ? {} : { icmpType }),
    ...(icmpId === undefined ? {} : { icmpId }),
  };
}
