import type { ForeignChain } from '../convert/firewall.ts';
import type { Namespace } from '../model/namespace.ts';
import { type Buffer, type End, endSilently, type Walk } from './walk.ts';

/**
 * Chains of nftables at hooks of devices and bridges are not walked: each one could drop the packet, which is tried.
 */
export function passForeignChains(
  walk: Walk,
  namespace: Namespace,
  kind: ForeignChain['kind'],
  device: string,
  buffer: Buffer,
): End | undefined {
  for (const chain of namespace.firewall(buffer.packet.destination.family).foreign) {
    if (chain.kind !== kind || (chain.devices.length > 0 && !chain.devices.includes(device))) continue;
    const point = { ...chain.place, text: chain.text, isMissing: false };
    if (walk.choices.unsure(point, 2) === 1) return endSilently('dropped', { namespace, device, buffer });
  }
  return undefined;
}
