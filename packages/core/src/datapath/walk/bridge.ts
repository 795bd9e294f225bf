import { formatAddress } from '../../net/address.ts';
import { answersFor, askerOf } from './answers.ts';
import { noteVlans } from './bridge-ports.ts';
import { passForeignChains } from './foreign-chains.ts';
import { passHook } from './hooks.ts';
import { routeKey } from './send.ts';
import { bridgeStations } from './stations.ts';
import type { Station } from './veth.ts';
import { addStep, type Buffer, end, expectSetting, type Next, noteDamage, type Walk } from './walk.ts';

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
  noteDamage(walk, namespace, buffer);
  noteVlans(walk, device);
  const foreign = passForeignChains(walk, namespace, 'bridge', device.name, buffer);
  if (foreign !== undefined) return foreign;
  if (isFiltered(walk, bridge, buffer)) return passFiltered(walk, buffer, bridge, station);
  if (outPort === '') return { kind: 'arrive', namespace, device: device.name, buffer };
  noteBridged(walk, bridge, outPort);
  return moveOn(buffer, station);
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
  const stopped = passHook(walk, { ...point, hook: 'prerouting' }, buffer);
  if (stopped !== undefined) return stopped;
  const arrival: Next = {
    kind: 'arrive',
    namespace,
    device: device.name,
    buffer,
    bridgePort: inPort,
    isPrerouted: true,
  };
  if (buffer.packet.destination === destination) {
    return outPort === '' ? arrival : bridgeOut(walk, buffer, bridge, station, outPort);
  }
  const route = namespace.route({ ...routeKey(buffer.packet), inInterface: device.name });
  if (route.kind !== 'unicast' || route.device !== device.name) return arrival;
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
  return (
    passHook(walk, { ...point, hook: 'forward' }, buffer) ??
    passHook(walk, { ...point, hook: 'postrouting' }, buffer) ??
    moveOn(buffer, station)
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
