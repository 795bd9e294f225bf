import type { Cluster } from '../cluster/plan.ts';
import { meta } from './meta.ts';

/** The NetworkPolicy objects of a lab. */
export function policyObjects({ policies }: Cluster): readonly object[] {
  return policies.map(({ namespace, name, appliesTo, from }) => ({
    metadata: meta('networkpolicy', namespace, name),
    spec: {
      podSelector: { matchLabels: appliesTo },
      policyTypes: ['Ingress'],
      ...(from === undefined ? {} : { ingress: [{ from: [{ podSelector: { matchLabels: from } }] }] }),
    },
  }));
}
