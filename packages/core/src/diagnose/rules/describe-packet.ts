import type { Packet } from '../../datapath/model/packet.ts';
import { describeEnd } from '../../datapath/walk/walk.ts';
import { protocolName } from '../../net/protocol.ts';

/** `tcp from 10.244.1.10 to 10.244.2.10:8080` */
export function describePacket({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
}: Packet): string {
  return `${protocolName(protocol)} from ${describeEnd(source, sourcePort)} to ${describeEnd(destination, destinationPort)}`;
}
