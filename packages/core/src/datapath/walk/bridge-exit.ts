import type { LinkHook } from '../firewall/context.ts';
import { cutForPort, loseTooLong } from './frame-size.ts';
import { passHook } from './hooks.ts';
import { passLinkChains } from './link-chains.ts';
import type { Station } from './veth.ts';
import { addStep, type Buffer, type Next, type Walk } from './walk.ts';

/** A bridge on the way of a frame, with the ports it comes in and goes out by. */
export type Bridge = NonNullable<Station['bridge']>;

/** Where a frame passes rules of the bridge, or of one of its ports. */
export function linkPoint(
  { namespace, device }: Bridge,
  hook: LinkHook,
  inInterface: string,
  outInterface: string,
) {
  return { namespace, hook, inInterface, outInterface, bridge: device.name };
}

/** A frame for the bridge itself (`br_pass_frame_up`, net/bridge/br_input.c). */
export function upwards(walk: Walk, bridge: Bridge, arrival: Extract<Next, { kind: 'arrive' }>): Next {
  const point = linkPoint(bridge, 'bridge input', bridge.inPort, '');
  return passLinkChains(walk, point, arrival.buffer) ?? arrival;
}

/** A frame that leaves by a port (`br_forward_finish`, `br_dev_queue_push_xmit`, net/bridge/br_forward.c). */
export function portOut(
  walk: Walk,
  buffer: Buffer,
  bridge: Bridge,
  station: Station,
  port: string,
  hook: 'forward' | 'output',
): Next {
  const first = linkPoint(bridge, `bridge ${hook}`, hook === 'forward' ? bridge.inPort : '', port);
  return passLinkChains(walk, first, buffer) ?? lastPort(walk, buffer, bridge, station, port);
}

/** What a frame passes last before it has left a bridge by a port. */
function lastPort(walk: Walk, buffer: Buffer, bridge: Bridge, station: Station, port: string): Next {
  return (
    passLinkChains(walk, linkPoint(bridge, 'bridge postrouting', '', port), buffer) ??
    loseTooLong(walk, buffer, bridge, station, port) ??
    passLinkChains(walk, linkPoint(bridge, 'egress', '', port), buffer) ??
    moveOn(buffer, station)
  );
}

/** What a frame passes on its way from port to port where bridged packets pass the hooks of IP. */
export function passThrough(
  walk: Walk,
  buffer: Buffer,
  bridge: Bridge,
  station: Station,
  port: string,
): Next {
  const { namespace, device, inPort } = bridge;
  noteBridged(walk, bridge, port);
  const point = {
    namespace,
    inInterface: device.name,
    outInterface: device.name,
    physicalIn: inPort,
    physicalOut: port,
  };
  const forward = linkPoint(bridge, 'bridge forward', inPort, port);
  return (
    passLinkChains(walk, forward, buffer, 'before') ??
    passHook(walk, { ...point, hook: 'forward' }, buffer) ??
    passLinkChains(walk, forward, buffer, 'behind') ??
    passHook(walk, { ...point, hook: 'postrouting' }, buffer) ??
    cutForPort(walk, buffer, bridge, port) ??
    lastPort(walk, buffer, bridge, station, port)
  );
}

/** Adds the step of a frame that goes from port to port. */
export function noteBridged(walk: Walk, { namespace, device, inPort }: Bridge, port: string): void {
  addStep(walk, namespace, {
    element: 'bridge',
    action: 'bridge',
    detail: `${device.name} from ${inPort} to ${port}`,
    evidence: [device.place],
  });
}

function moveOn(buffer: Buffer, { namespace, device }: Station): Next {
  const moved: Buffer = { ...buffer, packet: { ...buffer.packet, mark: 0 }, connection: undefined };
  return { kind: 'arrive', namespace, device: device.name, buffer: moved };
}
