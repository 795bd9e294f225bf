import { ip, sysctl } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { client, needsCalico, podToPod } from '../places.ts';

export const proxyArpOff: Fault = {
  id: 'proxy-arp-off',
  title: 'nobody answers for the gateway of the client',
  isInEvidence: true,
  whyNot: needsCalico,
  apply(cluster) {
    const { netns, node, hostInterface } = client(cluster);
    return [
      sysctl(node.netns, { [`net/ipv4/conf/${hostInterface}/proxy_arp`]: 0 }),
      // What the client learned before would last for a while.
      ip(netns, 'neigh flush all'),
    ];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
