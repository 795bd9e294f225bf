import type { Followed, FollowedPath } from '../datapath/follow.ts';
import type { Conclusion } from './model/diagnosis.ts';

/** What all ways of a packet come to, answers included. */
export function concludeFrom({ paths }: Followed): Conclusion {
  const outcomes = new Set(paths.map(outcomeOf));
  if (outcomes.has('unknown')) return 'unknown';
  if (outcomes.size > 1) return 'partly-reachable';
  return outcomes.has('arrives') ? 'reachable' : 'unreachable';
}

/** What leaves the network that was collected may still arrive, so nobody knows. */
function outcomeOf({ request, reply }: FollowedPath): 'arrives' | 'lost' | 'unknown' {
  const last = reply ?? request;
  switch (last.end.disposition) {
    case 'delivered':
      return 'arrives';
    case 'left-network':
    case 'unknown':
      return 'unknown';
    default:
      return 'lost';
  }
}
