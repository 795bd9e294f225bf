import type { IpAddress } from '../../net/address.ts';
import type { Namespace } from '../model/namespace.ts';
import { type Buffer, type End, end, expectSetting, type Walk } from './walk.ts';

/** Addresses that no network may bring in (`ip_route_input_slow`, martian source and destination). */
export function findMartian(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
): End | undefined {
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

/** The address ::1 comes in by no network: `ip6_rcv_core` (net/ipv6/ip6_input.c) throws it away before any hook of IP. */
export function loseLoopbackV6(
  walk: Walk,
  arrived: { readonly namespace: Namespace; readonly device: string; readonly buffer: Buffer },
): End | undefined {
  const { device, buffer } = arrived;
  const isLoopback = ({ family, bits }: IpAddress): boolean => family === 6 && bits === 1n;
  const isSource = isLoopback(buffer.packet.source);
  if (device === 'lo' || !(isSource || isLoopback(buffer.packet.destination))) return undefined;
  const which = isSource ? 'source' : 'destination';
  return end(walk, 'dropped', arrived, {
    element: 'routing',
    detail: `martian ${which}: the loopback address came in by ${device}`,
    reason: 'martian',
  });
}
