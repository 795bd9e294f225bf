import { formatAddress } from '../../net/address.ts';
import type { LinkHook } from '../firewall/context.ts';
import { answersFor, askerOf } from './answers.ts';
import { noteVlans } from './bridge-ports.ts';
import { passHook } from './hooks.ts';
import { passLinkChains, passLinkDoubts } from './link-chains.ts';
import { routeKey } from './send.ts';
import { bridgeStations } from './stations.ts';
import type { Station } from './veth.ts';
import { addStep, type Buffer, end, expectSetting, type Next, noteCaveats, type Walk } from './walk.ts';

type Bridge = NonNullable<Station['bridge']>;

/**
 * Takes a packet over a bridge. With `bridge-nf-call-iptables` bridged packets pass the hooks of IP as well
 * (net/bridge/br_netfilter_hooks.c).
 */
export function passBridge(walk: Walk, buffer: Buffer, station: Station): Next {
  const { bridge } = station;
  if (bridge === undefined) {
    return { kind: 'arrive', namespace: station.namespace, device: station.device.name, buffer };
  }
  const { namespace, device, outPort } = bridge;
  noteCaveats(walk, namespace, buffer);
  noteVlans(walk, device);
  const doubted = passLinkDoubts(walk, namespace, device.name, buffer);
  if (doubted !== undefined) return doubted;
  if (bridge.inPort === '') return portOut(walk, buffer, bridge, station, outPort, 'output');
  const link = linkPoint(bridge, 'ingress', bridge.inPort, '');
  const pre = linkPoint(bridge, 'bridge prerouting', bridge.inPort, '');
  const stopped = passLinkChains(walk, link, buffer) ?? passLinkChains(walk, pre, buffer, 'before');
  if (stopped !== undefined) return stopped;
  if (isFiltered(walk, bridge, buffer)) return passFiltered(walk, buffer, bridge, station);
  const lost = passLinkChains(walk, pre, buffer, 'behind');
  if (lost !== undefined) return lost;
  if (outPort === '')
    return upwards(walk, bridge, { kind: 'arrive', namespace, device: device.name, buffer });
  noteBridged(walk, bridge, outPort);
  return portOut(walk, buffer, bridge, station, outPort, 'forward');
}

function linkPoint({ namespace, device }: Bridge, hook: LinkHook, inInterface: string, outInterface: string) {
  return { namespace, hook, inInterface, outInterface, bridge: device.name };
}

/** A frame for the bridge itself (`br_pass_frame_up`, net/bridge/br_input.c). */
function upwards(walk: Walk, bridge: Bridge, arrival: Extract<Next, { kind: 'arrive' }>): Next {
  const point = linkPoint(bridge, 'bridge input', bridge.inPort, '');
  return passLinkChains(walk, point, arrival.buffer) ?? arrival;
}

/** A frame that leaves by a port (`br_forward_finish`, `br_dev_queue_push_xmit`, net/bridge/br_forward.c). */
function portOut(
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

function lastPort(walk: Walk, buffer: Buffer, bridge: Bridge, station: Station, port: string): Next {
  return (
    passLinkChains(walk, linkPoint(bridge, 'bridge postrouting', '', port), buffer) ??
    passLinkChains(walk, linkPoint(bridge, 'egress', '', port), buffer) ??
    moveOn(buffer, station)
  );
}

/** Without the module `br_netfilter` there is no such setting. */
function isFiltered(walk: Walk, { namespace: { settings } }: Bridge, { packet }: Buffer): boolean {
  const tool = packet.destination.family === 4 ? 'iptables' : 'ip6tables';
  const name = `net.bridge.bridge-nf-call-${tool}`;
  const setting = settings.number(name);
  if (setting !== undefined) return setting > 0;
  return settings.isCollected ? false : expectSetting(walk, settings.file, name);
}

function passFiltered(walk: Walk, buffer: Buffer, bridge: Bridge, station: Station): Next {
  const { namespace, device, inPort, outPort } = bridge;
  const { destination } = buffer.packet;
  const point = { namespace, inInterface: device.name, physicalIn: inPort, outInterface: '' };
  const stopped =
    passHook(walk, { ...point, hook: 'prerouting' }, buffer) ??
    passLinkChains(walk, linkPoint(bridge, 'bridge prerouting', inPort, ''), buffer, 'behind');
  if (stopped !== undefined) return stopped;
  const arrival: Extract<Next, { kind: 'arrive' }> = {
    kind: 'arrive',
    namespace,
    device: device.name,
    buffer,
    bridgePort: inPort,
    isPrerouted: true,
  };
  if (buffer.packet.destination === destination) {
    return outPort === ''
      ? upwards(walk, bridge, arrival)
      : bridgeOut(walk, buffer, bridge, station, outPort);
  }
  const route = namespace.route({ ...routeKey(buffer.packet), inInterface: device.name });
  if (route.kind !== 'unicast' || route.device !== device.name) return upwards(walk, bridge, arrival);
  return bridgeTranslated(walk, buffer, bridge, route.gateway ?? buffer.packet.destination);
}

/**
 * A packet whose new destination is on the same bridge is bridged there, not routed ("bridged-and-DNAT'ed traffic",
 * `br_nf_pre_routing_finish`). A bridge sends nothing back by the port it came from, unless the port is in hairpin mode.
 */
function bridgeTranslated(
  walk: Walk,
  buffer: Buffer,
  bridge: Bridge,
  nextHop: Buffer['packet']['source'],
): Next {
  const { namespace, device, inPort } = bridge;
  const asker = askerOf(namespace, device, buffer.packet.source, nextHop);
  const found = bridgeStations(walk.network, namespace, device, { addresses: [nextHop] }).find(
    ({ station }) => answersFor(station, nextHop, asker),
  );
  const where = { namespace, device: device.name, buffer };
  if (found === undefined) {
    return end(walk, 'left-network', where, {
      element: 'bridge',
      detail: `by ${device.name} to ${formatAddress(nextHop)}, which was not collected`,
      evidence: [device.place],
    });
  }
  const port = namespace.interface(found.port);
  if (found.port === inPort && port?.link.slaveDetails.hairpin !== true) {
    return end(walk, 'dropped', where, {
      element: 'bridge',
      detail: `${device.name} sends nothing back by ${inPort}, which is not in hairpin mode`,
      evidence: [port?.place ?? device.place],
      reason: 'no-hairpin',
    });
  }
  return bridgeOut(walk, buffer, bridge, found.station, found.port);
}

function bridgeOut(walk: Walk, buffer: Buffer, bridge: Bridge, station: Station, port: string): Next {
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
    lastPort(walk, buffer, bridge, station, port)
  );
}

function noteBridged(walk: Walk, { namespace, device, inPort }: Bridge, port: string): void {
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
