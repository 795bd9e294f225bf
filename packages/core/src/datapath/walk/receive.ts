import { formatAddress } from '../../net/address.ts';
import { routeDevices } from '../elements/routing/lookup.ts';
import type { Namespace } from '../model/namespace.ts';
import { decapsulate } from './decapsulate.ts';
import { passForeignChains } from './foreign-chains.ts';
import { passHook } from './hooks.ts';
import { checkSize } from './mtu.ts';
import { receiveAtPort } from './ovs-entry.ts';
import { leave, routeKey, toWay, type Way } from './send.ts';
import {
  addStep,
  type Buffer,
  type End,
  end,
  expectSetting,
  isEnd,
  type LossReason,
  type Next,
  type Walk,
} from './walk.ts';

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
  const foreign = passForeignChains(walk, namespace, 'ingress', device, buffer);
  if (foreign !== undefined) return foreign;
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
  const result = namespace.route({ ...routeKey(buffer.packet), inInterface: device }, walk.choices);
  if (result.kind === 'local' || result.kind === 'broadcast') {
    addStep(walk, namespace, {
      element: 'routing',
      action: 'local',
      detail: `${formatAddress(buffer.packet.destination)} is an address of this node`,
      evidence: [result.entry.place],
    });
    return (
      validateSource(walk, namespace, device, buffer) ?? deliver(walk, namespace, device, buffer, bridgePort)
    );
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
    validateSource(walk, namespace, device, buffer) ??
    forward(walk, namespace, device, buffer, way, bridgePort)
  );
}

/** Addresses that no network may bring in (`ip_route_input_slow`, martian source and destination). */
function findMartian(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): End | undefined {
  const { source, destination } = buffer.packet;
  if (source.family === 6 || device === 'lo') return undefined;
  const isLoopback = (bits: bigint): boolean => bits >> 24n === 127n;
  const lostBy = (detail: string): End =>
    end(
      walk,
      'dropped',
      { namespace, device, buffer },
      {
        element: 'routing',
        detail,
        evidence: [{ file: namespace.settings.file }],
        reason: 'martian',
      },
    );
  if (source.bits >> 28n === 0xen || source.bits === 0xffffffffn) return lostBy('martian source');
  if (!isLoopback(source.bits) && !isLoopback(destination.bits)) return undefined;
  const setting = namespace.settings.greater('route_localnet', device);
  const which = isLoopback(destination.bits) ? 'destination' : 'source';
  const isAllowed =
    setting === undefined
      ? !expectSetting(walk, namespace.settings.file, `route_localnet of ${device}`)
      : setting > 0;
  return isAllowed
    ? undefined
    : lostBy(`martian ${which}: a loopback address came in by ${device} without route_localnet`);
}

/**
 * `fib_validate_source` (net/ipv4/fib_frontend.c): an address of this node may not come from outside, and with `rp_filter` an
 * answer has to have a route, with mode 1 by the same interface. IPv6 has no such check.
 */
function validateSource(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): End | undefined {
  const { source, mark } = buffer.packet;
  if (source.family === 6 || source.bits === 0n || device === 'lo') return undefined;
  const { settings } = namespace;
  const lostBy = (reason: LossReason, detail: string): End =>
    end(
      walk,
      'dropped',
      { namespace, device, buffer },
      { element: 'routing', detail, evidence: [{ file: settings.file }], reason },
    );
  const usesMark = (settings.greater('src_valid_mark', device) ?? 0) > 0;
  const result = namespace.route({ destination: source, mark: usesMark ? mark : 0, inInterface: 'lo' });
  if (result.kind === 'unknown') return undefined;
  if (result.kind === 'local') {
    const accepts = settings.number(`net.ipv4.conf.${device}.accept_local`) ?? 0;
    return accepts > 0
      ? undefined
      : lostBy('martian', `martian source: ${formatAddress(source)} is an address of this node itself`);
  }
  const mode = settings.greater('rp_filter', device);
  const isReachable = result.kind === 'unicast';
  const hasAddress =
    namespace.interface(device)?.addresses.some(({ address }) => address.family === 4) === true;
  if (isReachable && routeDevices(result).includes(device)) return undefined;
  const isStrict = mode === 1 || (mode === 2 && (!isReachable || !hasAddress));
  if (mode === undefined) {
    const passes = expectSetting(walk, settings.file, `rp_filter of ${device}`);
    return passes
      ? undefined
      : lostBy('rp-filter', `rp_filter: answers to ${formatAddress(source)} would not leave by ${device}`);
  }
  return isStrict
    ? lostBy(
        'rp-filter',
        `rp_filter ${mode}: answers to ${formatAddress(source)} would not leave by ${device}`,
      )
    : undefined;
}

function forwards(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): boolean {
  const { settings } = namespace;
  const isV6 = buffer.packet.destination.family === 6;
  const setting = isV6
    ? settings.number('net.ipv6.conf.all.forwarding')
    : (settings.number(`net.ipv4.conf.${device}.forwarding`) ?? settings.number('net.ipv4.ip_forward'));
  if (setting !== undefined) return setting > 0;
  return expectSetting(walk, settings.file, isV6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward');
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
