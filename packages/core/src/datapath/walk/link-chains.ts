import { lsmodProbe } from '../../probes/system.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import type { LinkChain } from '../convert/link-chains.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import type { LinkHook } from '../firewall/context.ts';
import type { Namespace } from '../model/namespace.ts';
import { type HookPoint, passChain } from './pass-chain.ts';
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
 * Passes the chains of nftables at a hook of a device or bridge, and the XDP programs before them where a frame comes in (net/core/dev.c, `nf_ingress`; include/linux/netfilter_netdev.h,
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
  const taken = hook === 'ingress' ? passPrograms(walk, namespace, inInterface, buffer) : undefined;
  if (taken !== undefined) return taken;
  const device = hook === 'egress' || outInterface !== '' ? outInterface : inInterface;
  for (const base of namespace.firewall(buffer.packet.destination.family).linkChains) {
    if (base.hook !== hook) continue;
    if (base.devices.length > 0 && !base.devices.includes(device)) {
      const lost = passBelow(walk, namespace, device, buffer, base);
      if (lost !== undefined) return lost;
      continue;
    }
    if (when !== 'all' && (when === 'before') !== base.priority < 0) continue;
    const stopped =
      base.obstacle === undefined
        ? passChain(walk, point, buffer, base)
        : tryDrop(walk, namespace, device, buffer, { ...base.chain.place, text: base.obstacle });
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

/**
 * A chain of a device that lies under this one: of a port of a bond, or of the parent of a VLAN or macvlan device. Frames look
 * otherwise there, so that it drops them is tried.
 */
function passBelow(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
  { devices, chain }: LinkChain,
): End | undefined {
  const under = devices.find((name) => liesUnder(namespace, name, device));
  if (under === undefined) return undefined;
  const text = `chain ${chain.name} is at ${under}, which lies under ${device}, and is not modelled there`;
  return tryDrop(walk, namespace, device, buffer, { ...chain.place, text });
}

/** Whether frames of `upper` pass `lower` first: a port of a bond, or the parent of a VLAN or macvlan device. */
function liesUnder(namespace: Namespace, lower: string, upper: string): boolean {
  const own = namespace.interface(upper)?.link;
  if (own === undefined || own.kind === 'bridge') return false;
  return (own.kind !== 'veth' && own.peer === lower) || namespace.interface(lower)?.link.master === upper;
}

/** XDP programs may do anything to a frame (net/core/dev.c, `__netif_receive_skb_core`); that one drops it is tried. */
function passPrograms(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): End | undefined {
  for (const { name, place } of namespace.interfaces?.withPrograms ?? []) {
    if (name !== device && !liesUnder(namespace, name, device)) continue;
    const text = `an XDP program at ${name} sees the packet first, and is not modelled`;
    const lost = tryDrop(walk, namespace, device, buffer, { ...place, text });
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** What the rules of a bridge may be that were not collected, or are cut: that they drop the frame is tried for the latter. */
export function passLinkDoubts(
  walk: Walk,
  namespace: Namespace,
  device: string,
  buffer: Buffer,
): End | undefined {
  const { uncollected, damaged } = namespace.firewall(buffer.packet.destination.family).linkDoubts;
  for (const missing of uncollected) walk.choices.unsure(missing, 1);
  const ebtables = legacyRules(namespace, 'ebtables', ['ebtable_filter', 'ebtable_nat', 'ebtable_broute']);
  if (ebtables !== undefined) walk.choices.unsure(ebtables, 1);
  for (const file of damaged) {
    const place = { file, text: 'cut or damaged: rules of bridges may be missing' };
    const lost = tryDrop(walk, namespace, device, buffer, place);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** Says of a node with legacy arptables that its rules are not known. */
export function noteArptables(walk: Walk, namespace: Namespace): void {
  const arptables = legacyRules(namespace, 'arptables', ['arptable_filter']);
  if (arptables !== undefined) walk.choices.unsure(arptables, 1);
}

/** Legacy ebtables and arptables have rules of their own, which no probe reads; their tables are modules. */
function legacyRules(
  { host, name }: Namespace,
  tool: string,
  tables: readonly string[],
): UnsurePoint | undefined {
  const modules = name === '' ? host.read(lsmodProbe) : undefined;
  const table = tables.find((module) => modules?.value.has(module));
  const loaded = table === undefined ? undefined : modules?.value.get(table);
  if (modules === undefined || loaded === undefined) return undefined;
  const text = `${loaded.name} is loaded, and rules of ${tool} are not collected`;
  return { ...placeIn(modules.file, loaded), text, isMissing: true };
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
