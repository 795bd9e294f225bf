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
  for (const tracked of connections) {
    const direction = tracked.directionOf(flow);
    if (direction === undefined) continue;
    const isEstablished = direction === 'reply' || tracked.isEstablished;
    buffer.connection = { state: isEstablished ? 'established' : 'new', direction, tracked };
    return;
  }
  // A SYN,ACK opens no connection (net/netfilter/nf_conntrack_proto_tcp.c, `tcp_new`).
  if (walk.isReply && buffer.packet.protocol === PROTOCOL.tcp) {
    buffer.connection = INVALID;
    return;
  }
  const tracked = new Connection(flow, walk.isEstablished);
  connections.push(tracked);
  buffer.connection = { state: walk.isEstablished ? 'established' : 'new', direction: 'original', tracked };
}

function flowOf({ source, destination, protocol, sourcePort, destinationPort }: Packet) {
  return {
    source,
    destination,
    protocol,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
  };
}
