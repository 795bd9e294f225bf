import { passBridge } from './bridge.ts';
import type { Station } from './veth.ts';
import type { Buffer, Next, Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Hands a packet to a station, over the bridge that stands between. */
export function arriveAt(walk: Walk, { namespace, buffer }: Transmission, station: Station): Next {
  const moved = station.namespace === namespace ? buffer : scrub(buffer);
  const { bridge } = station;
  if (bridge !== undefined) return passBridge(walk, moved, { ...station, bridge });
  return { kind: 'arrive', namespace: station.namespace, device: station.device.name, buffer: moved };
}

/** A mark stays on its node's namespace; another one starts without (net/core/skbuff.c, `skb_scrub_packet`). */
export function scrub(buffer: Buffer): Buffer {
  return { ...buffer, packet: { ...buffer.packet, mark: 0 }, connection: undefined };
}
