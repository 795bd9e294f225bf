import { ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { client, podToPod, server } from '../places.ts';

export const addressConflict: Fault = {
  id: 'address-conflict',
  title: 'the client has the address of the server as well',
  isInEvidence: true,
  whyNot: ({ mode }) => (mode === 'bridge' ? 'who of two answers first on a bridge is chance' : undefined),
  apply(cluster) {
    const { address } = server(cluster);
    const { netns, node, hostInterface } = client(cluster);
    return [
      ip(netns, `addr add ${address}/32 dev eth0`),
      ip(node.netns, `route add ${address}/32 dev ${hostInterface} scope link`),
    ];
  },
  breaks: (cluster) => [{ ...podToPod(cluster), from: 'node/n1' }],
};
