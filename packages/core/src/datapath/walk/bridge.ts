import { passHook } from './hooks.ts';
import type { Station } from './stations.ts';
import { addStep, type Buffer, type Next, type Walk } from './walk.ts';

/**
 * Takes a packet over a bridge. With `bridge-nf-call-iptables` bridged packets pass the hooks of IP as well, and a
 * destination that a rule changed is routed (net/bridge/br_netfilter_hooks.c).
 */
export function passBridge(walk: Walk, buffer: Buffer, station: Station): Next {
  const { bridge } = station;
  if (bridge === undefined) {
    return { kind: 'arrive', namespace: station.namespace, device: station.device.name, buffer };
  }
  const { namespace, device, inPort, outPort } = bridge;
  const name = buffer.packet.destination.family === 4 ? 'iptables' : 'ip6tables';
  const isFiltered = (namespace.settings.number(`net.bridge.bridge-nf-call-${name}`) ?? 0) > 0;
  if (outPort === '') {
    return {
      kind: 'arrive',
      namespace,
      device: device.name,
      buffer,
      ...(isFiltered ? { bridgePort: inPort } : {}),
    };
  }
  addStep(walk, namespace, {
    element: 'bridge',
    action: 'bridge',
    detail: `${device.name} from ${inPort} to ${outPort}`,
    evidence: [device.place],
  });
  if (!isFiltered) return moveOn(buffer, station);
  const point = { namespace, inInterface: device.name, physicalIn: inPort };
  const { destination } = buffer.packet;
  const before = passHook(walk, { ...point, hook: 'prerouting', outInterface: '' }, buffer);
  if (before !== undefined) return before;
  if (buffer.packet.destination !== destination) {
    return { kind: 'arrive', namespace, device: device.name, buffer, bridgePort: inPort };
  }
  const out = { outInterface: device.name, physicalOut: outPort };
  return (
    passHook(walk, { ...point, ...out, hook: 'forward' }, buffer) ??
    passHook(walk, { ...point, ...out, hook: 'postrouting' }, buffer) ??
    moveOn(buffer, station)
  );
}

function moveOn(buffer: Buffer, { namespace, device }: Station): Next {
  const moved: Buffer = { ...buffer, packet: { ...buffer.packet, mark: 0 }, connection: undefined };
  return { kind: 'arrive', namespace, device: device.name, buffer: moved };
}
