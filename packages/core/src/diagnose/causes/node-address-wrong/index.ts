import type { CauseDefinition } from '../cause.ts';
import { isAstray } from '../shared/ends.ts';
import { findAnnounced } from './announced.ts';
import { findTunnelSource } from './tunnel-source.ts';

/** A node that others know by an address that it does not have, or that sends from one. */
export const nodeAddressWrong: CauseDefinition = {
  id: 'node-address-wrong',
  title: 'address of the node is wrong',
  find(leg, context) {
    if (leg.trail.end.reason === 'no-tunnel-source') return findTunnelSource(leg, context);
    return findAnnounced(leg, context, isAstray(leg));
  },
};
