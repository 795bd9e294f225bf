import { formatAddress } from '../../net/address.ts';
import type { Flow } from '../../net/flow.ts';
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

/** What of a packet decides whether it may come from where it says. */
type Claimed = Flow & Pick<Packet, 'mark'>;

/** Why a packet may not come from where it says. */
interface SourceFault {
  readonly reason: LossReason;
  readonly text: string;
  /** False where the setting that decides was not collected. */
  readonly isSure: boolean;
}

/** Loses a packet that may not come from where it says. */
export function validateSource(walk: Walk, arrived: Arrived): End | undefined {
  const { namespace, device, buffer, leavesBy } = arrived;
  const fault = faultOfSource(namespace, device, buffer.packet, leavesBy);
  if (fault === undefined) return undefined;
  const { settings } = namespace;
  if (!fault.isSure && expectSetting(walk, settings.file, `rp_filter of ${device}`)) return undefined;
  return end(walk, 'dropped', arrived, {
    element: 'routing',
    detail: fault.text,
    evidence: [{ file: settings.file }],
    reason: fault.reason,
  });
}

/**
 * `fib_validate_source` (net/ipv4/fib_frontend.c): an address of this node may not come from outside, and with `rp_filter` an
 * answer has to have a route, with mode 1 by the same interface. IPv6 has no such check.
 */
export function faultOfSource(
  namespace: Namespace,
  device: string,
  packet: Claimed,
  leavesBy: string | undefined,
): SourceFault | undefined {
  const { source } = packet;
  if (source.family === 6 || source.bits === 0n || device === 'lo') return undefined;
  const { settings } = namespace;
  const result = answerRoute(namespace, device, packet, leavesBy);
  if (result.kind === 'unknown') return undefined;
  if (result.kind === 'local' || result.kind === 'broadcast') {
    const accepts = (settings.greater('accept_local', device) ?? 0) > 0;
    if (result.kind === 'local' && accepts) return undefined;
    const text = `martian source: ${formatAddress(source)} is an address of this node itself`;
    return { reason: 'martian', text, isSure: true };
  }
  const isReachable = result.kind === 'unicast';
  if (isReachable && routeDevices(result).includes(device)) return undefined;
  const mode = settings.greater('rp_filter', device);
  const text = `answers to ${formatAddress(source)} would not leave by ${device}`;
  if (mode === undefined) return { reason: 'rp-filter', text: `rp_filter: ${text}`, isSure: false };
  const isStrict = mode === 1 || (mode === 2 && (!isReachable || !hasAddress(namespace, device)));
  return isStrict ? { reason: 'rp-filter', text: `rp_filter ${mode}: ${text}`, isSure: true } : undefined;
}

/** The way of an answer, as `__fib_validate_source` looks it up: as if it came in by the device that the packet leaves by. */
function answerRoute(
  namespace: Namespace,
  device: string,
  packet: Claimed,
  leavesBy: string | undefined,
): RouteResult {
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
function portsOf({ sourcePort, destinationPort }: Claimed) {
  return {
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  };
}

function hasAddress(namespace: Namespace, device: string): boolean {
  return namespace.interface(device)?.addresses.some(({ address }) => address.family === 4) === true;
}
