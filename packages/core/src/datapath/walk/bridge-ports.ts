import type { Interface } from '../convert/interfaces.ts';
import type { Station } from './veth.ts';
import type { Walk } from './walk.ts';

/** Whether a port passes frames on: one that is blocked or has no carrier does not (`should_deliver`, net/bridge/br_forward.c). */
export function isForwarding({ isUp, link }: Interface): boolean {
  const { state } = link.slaveDetails;
  return isUp && (state === undefined || state === 'forwarding');
}

/** Whether a bridge stands between that passes nothing from one isolated port to another (`br_skb_isolated`, net/bridge/br_private.h). */
export function isIsolatedFrom({ bridge }: Station): boolean {
  if (bridge === undefined) return false;
  const { namespace, inPort, outPort } = bridge;
  return [inPort, outPort].every((port) => namespace.interface(port)?.link.slaveDetails.isolated === true);
}

/**
 * Says of a bridge that filters by VLAN that the VLANs of its ports are not known. From the start all ports are in the same one,
 * so the walk goes on (net/bridge/br_vlan.c, `br_vlan_init`).
 */
export function noteVlans(walk: Walk, { name, link, place }: Interface): void {
  if (link.kind !== 'bridge' || Number(link.details.vlan_filtering ?? 0) === 0) return;
  const text = `${name} filters by VLAN, and the VLANs of its ports are not collected`;
  walk.choices.unsure({ ...place, text, isMissing: true }, 1);
}
