import { isNeighbourDiscovery } from '../../datapath/elements/icmp-types.ts';
import type { Packet } from '../../datapath/model/packet.ts';
import { describeMessage } from '../../datapath/walk/neighbour-message.ts';
import { describeEnd } from '../../datapath/walk/walk.ts';
import { protocolName } from '../../net/protocol.ts';

/** `tcp from 10.244.1.10 to 10.244.2.10:8080`, `the ARP request from 10.0.0.1 to 10.0.0.2` */
export function describePacket(packet: Packet): string {
  if (packet.arp !== undefined || isNeighbourDiscovery(packet)) return `the ${describeMessage(packet)}`;
  const { protocol, source, sourcePort, destination, destinationPort } = packet;
  return `${protocolName(protocol)} from ${describeEnd(source, sourcePort)} to ${describeEnd(destination, destinationPort)}`;
}
