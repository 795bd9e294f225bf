import type { LinkHook } from '../firewall/context.ts';
import type { Namespace } from '../model/namespace.ts';
import { type HookPoint, passChain } from './hooks.ts';
import { type Buffer, type End, endSilently, type Walk } from './walk.ts';

/** Where frames pass hooks below IP. */
export interface LinkPoint extends Pick<HookPoint, 'namespace'> {
  readonly hook: LinkHook;
  readonly inInterface: string;
  readonly outInterface: string;
  /** The bridge, at its hooks. */
  readonly bridge?: string;
}

/**
 * Passes the chains of nftables at a hook of a device or bridge (net/core/dev.c, `nf_ingress`; include/linux/netfilter_netdev.h,
 * `nf_hook_egress`; net/bridge/br_input.c and br_forward.c). Connections are not looked up there yet.
 * `when` tells those before IP has its turn on a bridge from those behind (`NF_BR_PRI_BRNF`, 0).
 */
export function passLinkChains(
  walk: Walk,
  point: LinkPoint,
  buffer: Buffer,
  when: 'before' | 'behind' | 'all' = 'all',
): End | undefined {
  const { namespace, hook, inInterface, outInterface } = point;
  const device = hook === 'egress' || outInterface !== '' ? outInterface : inInterface;
  for (const base of namespace.firewall(buffer.packet.destination.family).linkChains) {
    if (base.hook !== hook || (base.devices.length > 0 && !base.devices.includes(device))) continue;
    if (when !== 'all' && (when === 'before') !== base.priority < 0) continue;
    const stopped =
      base.obstacle === undefined
        ? passChain(walk, point, buffer, base)
        : tryDrop(walk, namespace, device, buffer, { ...base.chain.place, text: base.obstacle });
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

function tryDrop(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
  place: { readonly file: string; readonly text: string },
): End | undefined {
  const isDropped = walk.choices.unsure({ ...place, isMissing: false }, 2) === 1;
  return isDropped ? endSilently('dropped', { namespace, device, buffer }) : undefined;
}
