import type { CauseDefinition } from '../cause.ts';
import { findProxyAddress } from './proxy-address.ts';
import { findSecondOwner } from './second-owner.ts';

/** An address that more than one pod or node has, so that packets for one end at another. */
export const addressConflict: CauseDefinition = {
  id: 'address-conflict',
  title: 'address is there twice',
  find(leg, context) {
    const proxied = findProxyAddress(leg, context);
    return proxied.length > 0 ? proxied : findSecondOwner(leg, context);
  },
};
