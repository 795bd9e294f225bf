import { type Bridge, noteBridged, passThrough, portOut, upwards } from './bridge-exit.ts';
import { arrivalAt, passIn } from './bridge-filter.ts';
import { noteVlans } from './bridge-ports.ts';
import { passLinkDoubts } from './link-chains.ts';
import type { Station } from './veth.ts';
import { type Buffer, type End, type Next, noteCaveats, type Walk } from './walk.ts';

/** Takes a packet over a bridge to the station behind it, or to the bridge itself. */
export function passBridge(walk: Walk, buffer: Buffer, station: Station & { readonly bridge: Bridge }): Next {
  const { bridge } = station;
  const { outPort } = bridge;
  const doubted = noteDoubts(walk, bridge, buffer);
  if (doubted !== undefined) return doubted;
  if (bridge.inPort === '') return portOut(walk, buffer, bridge, station, outPort, 'output');
  return passIn(walk, buffer, bridge, (isPrerouted) => {
    if (outPort === '') return upwards(walk, bridge, arrivalAt(bridge, buffer, isPrerouted));
    if (isPrerouted) return passThrough(walk, buffer, bridge, station, outPort);
    noteBridged(walk, bridge, outPort);
    return portOut(walk, buffer, bridge, station, outPort, 'forward');
  });
}

/** Takes a packet into a bridge behind which nobody has the hardware address: it is `lost`, unless a rule sends it elsewhere. */
export function passUntaken(walk: Walk, buffer: Buffer, bridge: Bridge, lost: () => Next): Next {
  return noteDoubts(walk, bridge, buffer) ?? passIn(walk, buffer, bridge, lost);
}

/** What can not be known of any packet on a bridge. */
function noteDoubts(walk: Walk, { namespace, device }: Bridge, buffer: Buffer): End | undefined {
  noteCaveats(walk, namespace, buffer);
  noteVlans(walk, device);
  return passLinkDoubts(walk, namespace, device.name, buffer);
}
