import { Zones } from '../elements/ovs/zones.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Walk } from './walk.ts';

const zones = new WeakMap<Walk, Map<Namespace, Zones>>();

/** The connections that a node's bridge keeps in one walk: none at its start, kept from the packet to its answer. */
export function zonesOf(walk: Walk, namespace: Namespace): Zones {
  let byNamespace = zones.get(walk);
  if (byNamespace === undefined) {
    byNamespace = new Map();
    zones.set(walk, byNamespace);
  }
  let found = byNamespace.get(namespace);
  if (found === undefined) {
    found = new Zones();
    byNamespace.set(namespace, found);
  }
  return found;
}
