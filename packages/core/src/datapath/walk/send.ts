import type { IpAddress } from '../../net/address.ts';
import { placeOfRoute } from '../convert/routing.ts';
import { describeRoute, type RouteResult } from '../elements/routing/lookup.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Packet } from '../model/packet.ts';
import { passHook } from './hooks.ts';
import { checkSize } from './mtu.ts';
import { addStep, type Buffer, type End, end, isEnd, type Next, noteMissing, type Walk } from './walk.ts';

/** Where a packet leaves. */
export interface Way {
  /** Undefined where routes are not known. */
  readonly device: string | undefined;
  readonly nextHop: IpAddress;
  readonly isLocal: boolean;
  readonly result: RouteResult;
}

/**
 * Sends a packet of the node itself: `ip_queue_xmit`, `__ip_local_out` (net/ipv4/ip_output.c). Rules of the output hook may
 * change the packet so that its route is looked up again (`ip_route_me_harder`, net/ipv4/netfilter.c).
 */
export function send(walk: Walk, namespace: Namespace, buffer: Buffer): Next {
  let way = findWay(walk, namespace, buffer);
  if (isEnd(way)) return way;
  const unsendable = refuseSize(walk, namespace, buffer, way);
  if (unsendable !== undefined) return unsendable;
  const stopped = passHook(
    walk,
    { namespace, hook: 'output', inInterface: '', outInterface: way.device },
    buffer,
    () => {
      const again = findWay(walk, namespace, buffer);
      if (isEnd(again)) return again;
      way = again;
      return undefined;
    },
  );
  if (stopped !== undefined) return stopped;
  if (isEnd(way)) return way;
  return leave(walk, namespace, buffer, way, '');
}

/**
 * What must not be cut up and does not fit is refused before any rule has seen it (`__ip_append_data`, net/ipv4/ip_output.c; TCP
 * makes nothing that does not fit). What comes out of a tunnel device is no longer that of a socket.
 */
function refuseSize(walk: Walk, namespace: Namespace, buffer: Buffer, way: Way): End | undefined {
  const { packet, inner } = buffer;
  if (way.device === undefined || !packet.dontFragment || inner !== undefined) return undefined;
  return checkSize(walk, namespace, buffer, way.device, way.result, true);
}

/** The route of a packet of the node itself, or the end where it has none. */
function findWay(walk: Walk, namespace: Namespace, buffer: Buffer): Way | End {
  const { packet } = buffer;
  const result = namespace.route({ ...routeKey(packet), inInterface: 'lo' }, walk.choices);
  const way = toWay(walk, namespace, buffer, result, '');
  if (isEnd(way) || way.device === undefined || way.isLocal) return way;
  return mayLeaveWithLoopbackSource(walk, namespace, packet, way.device)
    ? way
    : end(
        walk,
        'no-route',
        { namespace, device: way.device, buffer },
        {
          element: 'routing',
          detail: `a packet from ${packet.source.family === 4 ? '127.0.0.0/8' : '::1'} may leave by ${way.device} only with route_localnet`,
          evidence: [{ file: namespace.settings.file }],
        },
      );
}

/** `__mkroute_output`: what comes from the loopback network stays on the node, unless the interface allows otherwise. */
function mayLeaveWithLoopbackSource(
  walk: Walk,
  namespace: Namespace,
  packet: Packet,
  device: string,
): boolean {
  if (packet.source.family !== 4 || packet.source.bits >> 24n !== 127n) return true;
  const setting = namespace.settings.greater('route_localnet', device);
  if (setting !== undefined) return setting > 0;
  walk.choices.unsure(
    { file: namespace.settings.file, text: `not collected: route_localnet of ${device}`, isMissing: true },
    1,
  );
  return true;
}

export function routeKey({ source, destination, mark, protocol, sourcePort, destinationPort }: Packet) {
  return {
    source,
    destination,
    mark,
    protocol,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
  };
}

/** Turns the result of a lookup into a way, or into the end that it means; adds the step. */
export function toWay(
  walk: Walk,
  namespace: Namespace,
  buffer: Buffer,
  result: RouteResult,
  device: string,
): Way | End {
  const where = { namespace, device, buffer };
  const evidence =
    'entry' in result
      ? [placeOfRoute(result.entry)]
      : 'place' in result && result.place !== undefined
        ? [result.place]
        : [];
  const { isComplete, routeFile } = namespace.routing(buffer.packet.destination.family);
  if (!isComplete) noteMissing(walk, routeFile, 'routes or policy rules are cut or damaged');
  switch (result.kind) {
    case 'unknown': {
      const { place, text } = result;
      if (place !== undefined && text !== undefined)
        walk.choices.unsure({ ...place, text, isMissing: false }, 1);
      else if (isComplete) noteMissing(walk, routeFile, 'not collected: routes');
      return { device: undefined, nextHop: buffer.packet.destination, isLocal: false, result };
    }
    case 'none':
      return end(walk, 'no-route', where, {
        element: 'routing',
        detail: 'no route to the destination',
        evidence: [{ file: namespace.routing(buffer.packet.destination.family).routeFile }],
      });
    case 'unreachable':
      return end(walk, 'no-route', where, { element: 'routing', detail: result.text, evidence });
    case 'prohibit':
      return end(walk, 'rejected', where, { element: 'routing', detail: result.text, evidence });
    case 'blackhole':
      return end(walk, 'dropped', where, { element: 'routing', detail: result.text, evidence });
    default: {
      addStep(walk, namespace, {
        element: 'routing',
        action: 'route',
        detail: describeRoute(result),
        evidence,
      });
      const isLocal = result.kind === 'local';
      return {
        device: isLocal ? 'lo' : result.device,
        nextHop: result.gateway ?? buffer.packet.destination,
        isLocal,
        result,
      };
    }
  }
}

/** The last hook, and out (net/ipv4/ip_output.c, `ip_output` and `ip_finish_output`). */
export function leave(walk: Walk, namespace: Namespace, buffer: Buffer, way: Way, inInterface: string): Next {
  const stopped = passHook(
    walk,
    { namespace, hook: 'postrouting', inInterface, outInterface: way.device },
    buffer,
  );
  if (stopped !== undefined) return stopped;
  if (way.device === undefined) {
    return end(
      walk,
      'unknown',
      { namespace, buffer },
      {
        element: 'routing',
        detail: 'the packet leaves, but its route is not known',
        evidence: [{ file: namespace.routing(buffer.packet.destination.family).routeFile }],
      },
    );
  }
  const tooBig = checkSize(walk, namespace, buffer, way.device, way.result, inInterface === '');
  if (tooBig !== undefined) return tooBig;
  return { kind: 'transmit', namespace, device: way.device, nextHop: way.nextHop, buffer };
}
