import { formatAddress } from '../../net/address.ts';
import { answersFor, askerOf } from './answers.ts';
import { type Bridge, linkPoint, passThrough, upwards } from './bridge-exit.ts';
import { stationName } from './find-station.ts';
import { forwards } from './forwarding.ts';
import { passHook } from './hooks.ts';
import { passLinkChains } from './link-chains.ts';
import { resolveNeighbour } from './resolve-neighbour.ts';
import { routeKey } from './send.ts';
import { bridgeStations } from './stations.ts';
import { type Buffer, end, expectSetting, type Next, type Walk } from './walk.ts';

type Arrival = Extract<Next, { kind: 'arrive' }>;

/** Without the module `br_netfilter` there is no such setting. */
function isFiltered(walk: Walk, { namespace: { settings } }: Bridge, { packet }: Buffer): boolean {
  if (packet.arp !== undefined) return false;
  const tool = packet.destination.family === 4 ? 'iptables' : 'ip6tables';
  const name = `net.bridge.bridge-nf-call-${tool}`;
  const setting = settings.number(name);
  if (setting !== undefined) return setting > 0;
  return settings.isCollected ? false : expectSetting(walk, settings.file, name);
}

/** An arrival at the bridge itself of a frame that a port took in. */
export function arrivalAt(
  { namespace, device, inPort }: Bridge,
  buffer: Buffer,
  isPrerouted: boolean,
): Arrival {
  const arrival = { kind: 'arrive', namespace, device: device.name, buffer } as const;
  return isPrerouted ? { ...arrival, bridgePort: inPort, isPrerouted } : arrival;
}

/**
 * What a frame passes that a port has taken in: with `bridge-nf-call-iptables` the first hook of IP as well. A packet whose
 * destination is translated there no longer goes where its hardware address leads (net/bridge/br_netfilter_hooks.c,
 * `br_nf_pre_routing_finish`); any other goes `onward`.
 */
export function passIn(
  walk: Walk,
  buffer: Buffer,
  bridge: Bridge,
  onward: (isPrerouted: boolean) => Next,
): Next {
  const { namespace, device, inPort } = bridge;
  const link = linkPoint(bridge, 'ingress', inPort, '');
  const pre = linkPoint(bridge, 'bridge prerouting', inPort, '');
  const before = passLinkChains(walk, link, buffer) ?? passLinkChains(walk, pre, buffer, 'before');
  if (before !== undefined) return before;
  if (!isFiltered(walk, bridge, buffer)) return passLinkChains(walk, pre, buffer, 'behind') ?? onward(false);
  const { destination } = buffer.packet;
  const point = { namespace, inInterface: device.name, physicalIn: inPort, outInterface: '' };
  const stopped =
    passHook(walk, { ...point, hook: 'prerouting' }, buffer) ?? passLinkChains(walk, pre, buffer, 'behind');
  if (stopped !== undefined) return stopped;
  if (buffer.packet.destination === destination) return onward(true);
  const route = namespace.route({ ...routeKey(buffer.packet), inInterface: device.name });
  const mayBridge = destination.family === 6 || forwards(walk, namespace, device.name, buffer);
  return mayBridge && route.kind === 'unicast' && route.device === device.name
    ? passTranslated(walk, buffer, bridge, route.gateway ?? buffer.packet.destination)
    : upwards(walk, bridge, arrivalAt(bridge, buffer, true));
}

/**
 * A packet whose new destination is on the same bridge is bridged there, not routed ("bridged-and-DNAT'ed traffic",
 * `br_nf_pre_routing_finish`; for IPv4 only where packets are forwarded, as `ip_route_input_slow` gives the route of an error else). A bridge sends nothing back by the port it came from, unless the port is in hairpin mode.
 */
function passTranslated(
  walk: Walk,
  buffer: Buffer,
  bridge: Bridge,
  nextHop: Buffer['packet']['source'],
): Next {
  const { namespace, device, inPort } = bridge;
  const asker = askerOf(namespace, device, buffer.packet.source, nextHop);
  const answering = bridgeStations(walk.network, namespace, device, { addresses: [nextHop] }).filter(
    ({ station }) => answersFor(station, nextHop, asker),
  );
  const found = answering.find(({ station }) => station.isDoubtful !== true);
  const where = { namespace, device: device.name, buffer };
  const [doubtful] = answering;
  if (found === undefined && doubtful !== undefined) {
    return end(walk, 'unknown', where, {
      element: 'bridge',
      detail: `nothing shows that ${doubtful.port} and ${stationName(doubtful.station)} hang on the same network`,
      evidence: [device.place],
    });
  }
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
  const between = { namespace, device, inPort: '', outPort: found.port };
  const asking = { ...where, nextHop, own: device, entry: namespace.neighbour(device.name, nextHop) };
  return (
    resolveNeighbour(walk, asking, { ...found.station, bridge: between }) ??
    passThrough(walk, buffer, bridge, found.station, found.port)
  );
}
