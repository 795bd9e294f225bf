import { formatAddress } from '../../net/address.ts';
import { type RouteResult, routeDevices } from '../elements/routing/lookup.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Packet } from '../model/packet.ts';
import { type Buffer, type End, end, expectSetting, type LossReason, type Walk } from './walk.ts';

/** A packet that came in by a device. */
interface Arrived {
  readonly namespace: Namespace;
  readonly device: string;
  readonly buffer: Buffer;
  /** The device it is forwarded by. */
  readonly leavesBy?: string;
}

/**
 * `fib_validate_source` (net/ipv4/fib_frontend.c): an address of this node may not come from outside, and with `rp_filter` an
 * answer has to have a route, with mode 1 by the same interface. IPv6 has no such check.
 */
export function validateSource(walk: Walk, arrived: Arrived): End | undefined {
  const { namespace, device, buffer } = arrived;
  const { source } = buffer.packet;
  if (source.family === 6 || source.bits === 0n || device === 'lo') return undefined;
  const { settings } = namespace;
  const lostBy = (reason: LossReason, detail: string): End =>
    end(walk, 'dropped', arrived, {
      element: 'routing',
      detail,
      evidence: [{ file: settings.file }],
      reason,
    });
  const result = answerRoute(arrived);
  if (result.kind === 'unknown') return undefined;
  if (result.kind === 'local' || result.kind === 'broadcast') {
    const accepts = (settings.greater('accept_local', device) ?? 0) > 0;
    return result.kind === 'local' && accepts
      ? undefined
      : lostBy('martian', `martian source: ${formatAddress(source)} is an address of this node itself`);
  }
  const isReachable = result.kind === 'unicast';
  if (isReachable && routeDevices(result).includes(device)) return undefined;
  const mode = settings.greater('rp_filter', device);
  const text = `answers to ${formatAddress(source)} would not leave by ${device}`;
  if (mode === undefined) {
    const passes = expectSetting(walk, settings.file, `rp_filter of ${device}`);
    return passes ? undefined : lostBy('rp-filter', `rp_filter: ${text}`);
  }
  const isStrict = mode === 1 || (mode === 2 && (!isReachable || !hasAddress(arrived)));
  return isStrict ? lostBy('rp-filter', `rp_filter ${mode}: ${text}`) : undefined;
}

/** The way of an answer, as `__fib_validate_source` looks it up: as if it came in by the device that the packet leaves by. */
function answerRoute({ namespace, device, buffer: { packet }, leavesBy }: Arrived): RouteResult {
  const usesMark = (namespace.settings.greater('src_valid_mark', device) ?? 0) > 0;
  return namespace.route({
    destination: packet.source,
    source: packet.destination,
    mark: usesMark ? packet.mark : 0,
    inInterface: leavesBy === undefined || leavesBy === '' ? 'lo' : leavesBy,
    protocol: packet.protocol,
    ...portsOf(packet),
  });
}

/** Ports of the answer. */
function portsOf({ sourcePort, destinationPort }: Packet) {
  return {
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  };
}

function hasAddress({ namespace, device }: Arrived): boolean {
  return namespace.interface(device)?.addresses.some(({ address }) => address.family === 4) === true;
}
