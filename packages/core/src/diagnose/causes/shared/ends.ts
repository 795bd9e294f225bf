import type { Hop } from '../../../datapath/walk/walk.ts';
import type { Leg } from '../cause.ts';

/** Whether the walk of a leg shows that its packet is lost. */
export function isLost({ trail: { end } }: Leg): boolean {
  return !['delivered', 'left-network', 'unknown'].includes(end.disposition);
}

/** Whether a leg went astray: lost, or handed to something that was not collected. */
export function isAstray(leg: Leg): boolean {
  return isLost(leg) || leg.trail.end.disposition === 'left-network';
}

/** The last hop of a leg, as the walk left it. */
export function lastHop({ trail }: Leg): Hop | undefined {
  return trail.hops.at(-1);
}

/** The link on which a leg ended: the packet was handed to it, and nobody took it up. */
export function lastLink(leg: Leg): (Hop & Required<Pick<Hop, 'device' | 'nextHop'>>) | undefined {
  const last = lastHop(leg);
  if (last?.kind !== 'transmit' || last.device === undefined || last.nextHop === undefined) return undefined;
  return { ...last, device: last.device, nextHop: last.nextHop };
}
