import { nodeFirewall } from '../../firewall/node-firewall.ts';
import type { Fault } from '../fault.ts';
import { needsCalico, podToPod } from '../places.ts';

export const networkPolicy: Fault = {
  id: 'network-policy',
  title: 'a NetworkPolicy lets only pods with the label app=trusted reach the servers',
  isInEvidence: true,
  whyNot: needsCalico,
  change: (cluster) => ({
    ...cluster,
    policies: [
      ...cluster.policies,
      { namespace: 'default', name: 'trusted-only', appliesTo: { app: 'web' }, from: { app: 'trusted' } },
    ],
  }),
  apply: (_, after) => after.nodes.flatMap((node) => nodeFirewall(after, node)),
  breaks: (cluster) => [podToPod(cluster)],
};
