import type { CauseDefinition } from '../cause.ts';
import { isAstray, isLost } from '../shared/ends.ts';
import { findInTunnel } from './in-tunnel.ts';
import { findOnLink } from './on-link.ts';

/** A neighbour that did not answer, or that is known by a hardware address that is not its own. */
export const neighbourWrong: CauseDefinition = {
  id: 'neighbour-wrong',
  title: 'neighbour entry is wrong',
  find(leg, { network }) {
    // A rule is to blame for an entry that has no answer.
    if (leg.trail.end.discovery !== undefined) return [];
    if (!isAstray(leg)) return findOnLink(leg, network, false).filter(({ effect }) => effect === 'hazard');
    const inTunnel = findInTunnel(leg, network);
    return inTunnel.length > 0 ? inTunnel : findOnLink(leg, network, isLost(leg));
  },
};
