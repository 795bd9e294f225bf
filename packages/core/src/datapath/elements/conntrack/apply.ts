import { isSameAddress } from '../../../net/address.ts';
import type { Hook } from '../../firewall/context.ts';
import type { Packet } from '../../model/packet.ts';
import type { Buffer } from '../../walk/walk.ts';
import type { ConnectionView } from './connection.ts';

/** At these hooks the destination is translated, at the others the source. */
function changesDestination(hook: Hook): boolean {
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
  const { connection: view, packet } = buffer;
  if (view?.tracked === undefined) return;
  const { tracked, direction } = view;
  const other = direction === 'original' ? tracked.reply : tracked.original;
  if (changesDestination(hook)) {
    if (direction === 'original') tracked.isDestinationDecided = true;
    const { destinationPort: _, ...rest } = packet;
    const port = other.sourcePort;
    const changed: Packet = {
      ...rest,
      destination: other.source,
      ...(port === undefined ? {} : { destinationPort: port }),
    };
    if (!isSameAddress(packet.destination, other.source) || packet.destinationPort !== port)
      buffer.packet = changed;
    return;
  }
  if (direction === 'original') tracked.isSourceDecided = true;
  const port = other.destinationPort;
  if (isSameAddress(packet.source, other.destination) && packet.sourcePort === port) return;
  const { sourcePort: _, ...rest } = packet;
  buffer.packet = {
    ...rest,
    source: other.destination,
    snat: true,
    ...(port === undefined ? {} : { sourcePort: port }),
  };
}
