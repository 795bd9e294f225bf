import type { Evidence } from '../../../model/evidence.ts';
import { ruleLoss } from '../../rules/rule-loss.ts';
import { ruleText, type StoredRule } from '../../rules/stored-rule.ts';
import type { Leg } from '../cause.ts';
import type { Routed } from './routed.ts';

/** What the routes of a node say about the way back, where a rule dropped the packet for it. */
export interface WayBack {
  readonly routed: Routed;
  /** The rule. */
  readonly place: Evidence;
}

/**
 * Network plugins drop by a rule what comes from an address that the node would answer by another interface, or not at all. The rule
 * is right; what is wrong is the route to that address.
 */
export function wayBack(leg: Leg): WayBack | undefined {
  const loss = ruleLoss(leg);
  if (
    loss === undefined ||
    loss.isInTunnel ||
    loss.isDiscovery ||
    loss.namespace.name !== '' ||
    !testsWayBack(loss.stored)
  )
    return undefined;
  const { namespace: host, packet, place } = loss;
  const route = host.route({ destination: packet.source, mark: packet.mark, inInterface: 'lo' });
  const answer = { ...packet, source: packet.destination, destination: packet.source };
  return { routed: { host, packet: answer, route, next: undefined }, place };
}

/** `-m rpfilter --invert` of iptables, and a lookup of the source by `fib` in nftables. */
function testsWayBack(stored: StoredRule): boolean {
  const text = ruleText(stored);
  return stored.kind === 'iptables' ? /-m rpfilter\b.*--invert/.test(text) : /\bfib saddr\b/.test(text);
}
