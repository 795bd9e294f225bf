import { nodeFirewall } from '../../firewall/node-firewall.ts';
import type { Fault } from '../fault.ts';
import { needsServices, POD_TO_SERVICE } from '../places.ts';

export const serviceNoReadyEndpoints: Fault = {
  id: 'service-no-ready-endpoints',
  title: 'no pod of the Service web is ready',
  isInEvidence: true,
  whyNot: needsServices,
  change: (cluster) => ({
    ...cluster,
    pods: cluster.pods.map((pod) => (pod.labels.app === 'web' ? { ...pod, isReady: false } : pod)),
  }),
  apply: (_, after) => after.nodes.flatMap((node) => nodeFirewall(after, node)),
  mend: (cluster) => cluster.nodes.flatMap((node) => nodeFirewall(cluster, node)),
  breaks: () => [POD_TO_SERVICE],
};
