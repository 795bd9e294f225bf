import { formatAddress } from '../../net/address.ts';
import { placeOfRoute } from '../convert/routing.ts';
import type { Namespace } from '../model/namespace.ts';
import { decapsulate } from './decapsulate.ts';
import { forwards } from './forwarding.ts';
import { passHook } from './hooks.ts';
import { passLinkChains } from './link-chains.ts';
import { findMartian, loseLoopbackV6 } from './martian.ts';
import { checkSize } from './mtu.ts';
import { receiveAtPort } from './ovs-entry.ts';
import { leave, routeKey, toWay, type Way } from './send.ts';
import { validateSource } from './validate-source.ts';
import { addStep, type Buffer, end, isEnd, type Next, type Walk } from './walk.ts';

type Arrival = Extract<Next, { kind: 'arrive' }>;

/**
 * Takes in a packet: `ip_rcv`, `ip_route_input`, then `ip_local_deliver` or `ip_forward` (net/ipv4/ip_input.c, route.c,
 * ip_forward.c).
 */
export function receive(walk: Walk, arrival: Arrival): Next {
  const { namespace, device, buffer } = arrival;
  const own = namespace.interface(device);
  if (own !== undefined && !own.isUp) {
    return end(walk, 'interface-down', arrival, {
      element: 'link',
      detail: `${device} is down`,
      evidence: [own.place],
    });
  }
  if (own?.link.slaveKind === 'vrf' || own?.link.kind === 'vrf') {
    return end(walk, 'unknown', arrival, {
      element: 'routing',
      detail: `${device} belongs to a VRF, whose tables are not modelled`,
      evidence: [own.place],
    });
  }
  const foreign = loseLoopbackV6(walk, arrival);
  if (foreign !== undefined) return foreign;
  const filtered = passLinkChains(
    walk,
    { namespace, hook: 'ingress', inInterface: device, outInterface: '' },
    buffer,
  );
  if (filtered !== undefined) return filtered;
  const switched = receiveAtPort(walk, arrival);
  if (switched !== undefined) return switched;
  const point = { namespace, hook: 'prerouting', inInterface: device, outInterface: '' } as const;
  const stopped = arrival.isPrerouted === true ? undefined : passHook(walk, point, buffer);
  if (stopped !== undefined) return stopped;
  if (arrival.isLooped === true) return deliver(walk, namespace, device, buffer);
  return route(walk, namespace, device, buffer, arrival.bridgePort);
}

function route(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
  bridgePort: string | undefined,
): Next {
  const martian = findMartian(walk, namespace, device, buffer);
  if (martian !== undefined) return martian;
  const arrived = { namespace, device, buffer };
  const result = namespace.route({ ...routeKey(buffer.packet), inInterface: device }, walk.choices);
  if (result.kind === 'local' || result.kind === 'broadcast') {
    addStep(walk, namespace, {
      element: 'routing',
      action: 'local',
      detail: `${formatAddress(buffer.packet.destination)} is an address of this node`,
      evidence: [placeOfRoute(result.entry)],
    });
    return validateSource(walk, arrived) ?? deliver(walk, namespace, device, buffer, bridgePort);
  }
  if (!forwards(walk, namespace, device, buffer)) {
    return end(
      walk,
      'dropped',
      { namespace, device, buffer },
      {
        element: 'routing',
        detail: `forwarding is off on ${device}`,
        evidence: [{ file: namespace.settings.file }],
        reason: 'forwarding-off',
      },
    );
  }
  const way = toWay(walk, namespace, buffer, result, device);
  if (isEnd(way)) return way;
  return (
    validateSource(walk, { ...arrived, leavesBy: way.device ?? '' }) ??
    forward(walk, namespace, device, buffer, way, bridgePort)
  );
}

/** `ip_forward` */
function forward(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
  way: Way,
  bridgePort: string | undefined,
): Next {
  if (buffer.packet.ttl <= 1) {
    return end(
      walk,
      'ttl-expired',
      { namespace, device, buffer },
      {
        element: 'routing',
        detail: 'the packet was forwarded too often',
      },
    );
  }
  if (way.device !== undefined) {
    const tooBig = checkSize(walk, namespace, buffer, way.device, way.result, false);
    if (tooBig !== undefined) return tooBig;
  }
  buffer.packet = { ...buffer.packet, ttl: buffer.packet.ttl - 1 };
  const stopped = passHook(
    walk,
    {
      namespace,
      hook: 'forward',
      inInterface: device,
      outInterface: way.device,
      ...(bridgePort === undefined ? {} : { physicalIn: bridgePort }),
    },
    buffer,
  );
  return stopped ?? leave(walk, namespace, buffer, way, device);
}

function deliver(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
  bridgePort?: string,
): Next {
  const stopped = passHook(
    walk,
    {
      namespace,
      hook: 'input',
      inInterface: device,
      outInterface: '',
      ...(bridgePort === undefined ? {} : { physicalIn: bridgePort }),
    },
    buffer,
  );
  if (stopped !== undefined) return stopped;
  if (buffer.inner !== undefined) return decapsulate(walk, namespace, device, buffer);
  return end(
    walk,
    'delivered',
    { namespace, device, buffer },
    {
      element: 'socket',
      detail: 'handed to the processes of this namespace',
    },
  );
}
