import type { RouteResult } from '../elements/routing/lookup.ts';
import type { Namespace } from '../model/namespace.ts';
import { type Buffer, type End, end, type Walk } from './walk.ts';

/**
 * Whether a packet fits through an interface: without the right to cut it up, one that is too big goes nowhere
 * (net/ipv4/ip_forward.c, `ip_exceeds_mtu`). IPv6 routers never cut packets up, only senders do: their pieces are as long as
 * the first interface takes (net/ipv6/ip6_output.c, `ip6_fragment`).
 */
export function checkSize(
  walk: Walk,
  namespace: Namespace,
  buffer: Buffer,
  device: string,
  result: RouteResult,
  isOwn: boolean,
): End | undefined {
  const { packet } = buffer;
  const own = namespace.interface(device);
  const mtu = ('entry' in result ? result.entry.route.mtu : undefined) ?? own?.mtu;
  const size = packet.pieceSize ?? packet.size;
  if (mtu === undefined || size <= mtu) return undefined;
  if (!packet.dontFragment && (isOwn || packet.destination.family === 4)) {
    buffer.packet = { ...packet, pieceSize: mtu };
    return undefined;
  }
  return end(
    walk,
    'too-big',
    { namespace, device, buffer },
    {
      element: 'routing',
      detail: `${size} bytes do not fit through ${device} (${mtu}) and must not be cut up`,
      ...(own === undefined ? {} : { evidence: [own.place] }),
    },
  );
}
