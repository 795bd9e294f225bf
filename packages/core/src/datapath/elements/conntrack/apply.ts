import { isSameAddress } from '../../../net/address.ts';
import type { Flow } from '../../../net/flow.ts';
import type { Hook } from '../../firewall/context.ts';
import type { Packet } from '../../model/packet.ts';
import type { Buffer } from '../../walk/walk.ts';
import type { ConnectionView } from './connection.ts';

/** At these hooks the destination is translated, at the others the source. */
export function changesDestination(hook: Hook): boolean {
  return hook === 'prerouting' || hook === 'output';
}

/** Whether rules may still decide what this hook translates. */
export function isTranslationOpen({ tracked, direction }: ConnectionView, hook: Hook): boolean {
  if (tracked === undefined || direction === 'reply') return false;
  return changesDestination(hook) ? !tracked.isDestinationDecided : !tracked.isSourceDecided;
}

/**
 * Changes the packet as its connection says (net/netfilter/nf_nat_core.c, `nf_nat_packet`), and closes the decision.
 * Packets of the reply direction are translated back.
 */
export function applyTranslation(buffer: Buffer, hook: Hook): void {
  const { connection: view } = buffer;
  if (view?.tracked === undefined) return;
  const { tracked, direction } = view;
  const other = direction === 'original' ? tracked.reply : tracked.original;
  if (changesDestination(hook)) {
    if (direction === 'original') tracked.isDestinationDecided = true;
    buffer.packet = withDestination(buffer.packet, other);
  } else {
    if (direction === 'original') tracked.isSourceDecided = true;
    buffer.packet = withSource(buffer.packet, other);
  }
  buffer.packet = withIdentifier(buffer.packet, other);
}

function withDestination(packet: Packet, { source, sourcePort: port }: Flow): Packet {
  if (isSameAddress(packet.destination, source) && packet.destinationPort === port) return packet;
  const { destinationPort: _, ...rest } = packet;
  return { ...rest, destination: source, ...(port === undefined ? {} : { destinationPort: port }) };
}

function withSource(packet: Packet, { destination, destinationPort: port }: Flow): Packet {
  if (isSameAddress(packet.source, destination) && packet.sourcePort === port) return packet;
  const { sourcePort: _, ...rest } = packet;
  return { ...rest, source: destination, snat: true, ...(port === undefined ? {} : { sourcePort: port }) };
}

/** It stands in both directions, so either translation writes it (net/netfilter/nf_nat_proto.c, `icmp_manip_pkt`). */
function withIdentifier(packet: Packet, { icmpId }: Flow): Packet {
  if (packet.icmpId === icmpId) return packet;
  const { icmpId: _, ...rest } = packet;
  return icmpId === undefined ? rest : { ...rest, icmpId };
}
