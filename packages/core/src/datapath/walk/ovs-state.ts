import { Zones } from '../elements/ovs/zones.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Walk } from './walk.ts';

/** What one walk keeps of one bridge. */
export interface SwitchState {
  readonly zones: Zones;
  /** Whether damage of its flows was taken into account. */
  isDoubted: boolean;
}

const states = new WeakMap<Walk, Map<Namespace, SwitchState>>();

/** The state of a node's bridge in a walk: empty at its start, kept from the packet to its answer. */
export function switchState(walk: Walk, namespace: Namespace): SwitchState {
  let byNamespace = states.get(walk);
  if (byNamespace === undefined) {
    byNamespace = new Map();
    states.set(walk, byNamespace);
  }
  let state = byNamespace.get(namespace);
  if (state === undefined) {
    state = { zones: new Zones(), isDoubted: false };
    byNamespace.set(namespace, state);
  }
  return state;
}
