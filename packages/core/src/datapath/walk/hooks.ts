import { trackPacket } from '../elements/conntrack/track.ts';
import { balance } from '../elements/ipvs/index.ts';
import { passInAnyOrder } from './equal-priority.ts';
import { type HookStep, stepsOf } from './hook-steps.ts';
import { endOf, type HookPoint, type IpHookPoint, needsRoute, passChain } from './pass-chain.ts';
import { passTranslation } from './pass-translation.ts';
import type { Buffer, End, Next, Walk } from './walk.ts';

/** Called after chains that make the kernel look up the route again; an end stops the walk. */
export type Reroute = () => End | undefined;

/**
 * Passes all that is registered at one hook, in the order of priorities (net/netfilter/core.c, `nf_hook_slow`).
 * All chains of type `nat` run together where address translation itself is registered, whatever their own priority, until one
 * of them decides (net/netfilter/nf_nat_core.c, `nf_nat_inet_fn`).
 * Where the route is looked up again on the way, the chains that follow still see the interface of the first one: `nf_hook` writes
 * it down once for all (`struct nf_hook_state`).
 * Returns where the packet goes instead, or nothing where it goes on.
 */
export function passHook(
  walk: Walk,
  point: IpHookPoint,
  buffer: Buffer,
  reroute?: Reroute,
): Next | undefined {
  const family = buffer.packet.destination.family;
  const { uncollected, damaged } = point.namespace.firewall(family);
  const lost = passDamage(walk, point, buffer, damaged);
  if (lost !== undefined) return lost;
  for (const missing of uncollected) walk.choices.unsure(missing, 1);
  for (const step of stepsOf(point.namespace, family, point.hook)) {
    const before = buffer.packet;
    const { end, changesRoute } =
      step.kind === 'tie'
        ? passInAnyOrder(walk, point, buffer, step)
        : { end: passStep(walk, point, buffer, step), changesRoute: canReroute(step) };
    if (end !== undefined) return end;
    if (reroute === undefined || !changesRoute || !needsRoute(before, buffer.packet)) continue;
    const lost = reroute();
    if (lost !== undefined) return lost;
  }
  return undefined;
}

function passStep(
  walk: Walk,
  point: IpHookPoint,
  buffer: Buffer,
  step: Exclude<HookStep, { kind: 'tie' }>,
): Next | undefined {
  switch (step.kind) {
    case 'conntrack':
      return trackPacket(walk, point.namespace, buffer);
    case 'nat':
      return passTranslation(walk, point, buffer, step.chains);
    case 'ipvs':
      return balance(walk, point.namespace, point.inInterface, buffer);
    case 'chain':
      return passChain(walk, point, buffer, step.base);
  }
}

function canReroute(step: HookStep): boolean {
  return step.kind === 'nat' || step.kind === 'ipvs' || (step.kind === 'chain' && step.base.kind === 'route');
}

/**
 * Of a dump that is damaged nobody knows what the rules that are missing would have done. That they drop the packet is
 * tried once for each namespace it comes through.
 */
function passDamage(
  walk: Walk,
  point: HookPoint,
  buffer: Buffer,
  damaged: readonly string[],
): End | undefined {
  if (walk.doubted.has(point.namespace)) return undefined;
  walk.doubted.add(point.namespace);
  for (const file of damaged) {
    const place = { file, text: 'cut or damaged: rules may be missing', isMissing: true };
    if (walk.choices.unsure(place, 2) === 1) return endOf(point, buffer, { kind: 'drop' });
  }
  return undefined;
}
