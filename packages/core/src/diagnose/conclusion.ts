import type { Trail } from '../datapath/follow.ts';
import type { Conclusion } from './model/diagnosis.ts';

/** What becomes of a packet on one of its ways, its answer included. */
export type PathOutcome = 'arrives' | 'lost' | 'unknown';

/**
 * The outcome of one way by its last leg. A cause that blocks proves the loss (`isBlocked`), also where the packet was handed
 * to a network that was not collected or to somebody whom it was not meant for. Without one, what leaves the collected
 * network may still arrive.
 */
export function pathOutcome({ end }: Trail, isBlocked: boolean): PathOutcome {
  if (isBlocked) return 'lost';
  switch (end.disposition) {
    case 'delivered':
      return 'arrives';
    case 'left-network':
    case 'unknown':
      return 'unknown';
    default:
      return 'lost';
  }
}

/** What all ways of a packet come to. */
export function concludeFrom(outcomes: readonly PathOutcome[]): Conclusion {
  const all = new Set(outcomes);
  if (all.has('unknown') || all.size === 0) return 'unknown';
  if (all.size > 1) return 'partly-reachable';
  return all.has('arrives') ? 'reachable' : 'unreachable';
}
