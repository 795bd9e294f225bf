import type { Interface } from '../convert/interfaces.ts';
import type { Packet } from '../model/packet.ts';
import type { Bridge } from './bridge-exit.ts';
import type { Station } from './veth.ts';
import { type Buffer, type End, end, type Walk } from './walk.ts';

/** Room that devices leave for a VLAN tag. */
const TAG_ROOM = 4;

/**
 * Whether a device takes no frame of this length from a bridge or from the other end of a veth pair (net/core/dev.c,
 * `__is_skb_forwardable`).
 */
export function isTooLong(packet: Packet, { mtu }: Interface): boolean {
  return mtu !== undefined && sizeOf(packet) > mtu + TAG_ROOM;
}

/** Bytes of the longest piece. */
export function sizeOf({ pieceSize, size }: Packet): number {
  return pieceSize ?? size;
}

/**
 * Loses a frame that is too long for the port it leaves a bridge by (net/bridge/br_forward.c, `br_dev_queue_push_xmit`), or for the
 * other end of that port.
 */
export function loseTooLong(
  walk: Walk,
  buffer: Buffer,
  bridge: Bridge,
  { device }: Station,
  port: string,
): End | undefined {
  const { packet } = buffer;
  const own = bridge.namespace.interface(port);
  if (own === undefined) return undefined;
  if (isTooLong(packet, own)) return lost(walk, buffer, bridge, own);
  const isPair = own.link.kind === 'veth' && device.link.kind === 'veth';
  return isPair && isTooLong(packet, device) ? lost(walk, buffer, bridge, device) : undefined;
}

/**
 * Cuts up a packet that is too long for a port, where bridged packets pass the hooks of IP. What must not be cut up is lost, and so
 * is what another one has cut up too long (net/bridge/br_netfilter_hooks.c, `br_nf_dev_queue_xmit`; net/ipv6/netfilter.c,
 * `br_ip6_fragment`).
 */
export function cutForPort(walk: Walk, buffer: Buffer, bridge: Bridge, port: string): End | undefined {
  const { packet } = buffer;
  const own = bridge.namespace.interface(port);
  if (own?.mtu === undefined || sizeOf(packet) <= own.mtu) return undefined;
  if (packet.dontFragment || packet.pieceSize !== undefined || packet.destination.family === 6)
    return lost(walk, buffer, bridge, own);
  buffer.packet = { ...packet, pieceSize: own.mtu };
  return undefined;
}

function lost(walk: Walk, buffer: Buffer, { namespace, device }: Bridge, taker: Interface): End {
  return end(
    walk,
    'dropped',
    { namespace, device: device.name, buffer },
    {
      element: 'bridge',
      detail: `${taker.name} takes ${taker.mtu} bytes, not ${sizeOf(buffer.packet)}`,
      evidence: [taker.place],
    },
  );
}
