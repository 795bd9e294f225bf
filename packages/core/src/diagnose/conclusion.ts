import type { Leg } from './causes/cause.ts';
import type { Cause, Conclusion } from './model/diagnosis.ts';

/** What becomes of a packet on one of its ways, its answer included. */
export type PathOutcome = 'arrives' | 'lost' | 'unknown';

/**
 * The outcome of one way. A cause that blocks proves the loss, also where the packet was handed to a network that was not
 * collected or to somebody whom it was not meant for. Without one, what leaves the collected network may still arrive.
 */
export function pathOutcome(legs: readonly Leg[], causes: readonly Cause[]): PathOutcome {
  if (causes.some(({ effect }) => effect === 'blocks')) return 'lost';
  switch (legs.at(-1)?.trail.end.disposition) {
    case 'delivered':
      return 'arrives';
    case 'left-network':
    case 'unknown':
    case undefined:
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
