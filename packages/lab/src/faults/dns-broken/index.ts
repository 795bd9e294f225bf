import { nodeFirewall } from '../../firewall/node-firewall.ts';
import type { Fault } from '../fault.ts';
import { needsServices } from '../places.ts';

const SERVER = 'coredns-1';

export const dnsBroken: Fault = {
  id: 'dns-broken',
  title: 'the DNS server has stopped, and its Service has no endpoint',
  isInEvidence: true,
  whyNot: needsServices,
  stopsDnsOf: [SERVER],
  change: (cluster) => ({
    ...cluster,
    pods: cluster.pods.map((pod) => (pod.name === SERVER ? { ...pod, isReady: false } : pod)),
  }),
  apply: (_, after) => after.nodes.flatMap((node) => nodeFirewall(after, node)),
  mend: (cluster) => cluster.nodes.flatMap((node) => nodeFirewall(cluster, node)),
  breaks: () => [{ from: 'pod/default/client-n1', to: 'service/kube-system/kube-dns:53', protocol: 'udp' }],
};
