import { VXLAN } from '../../modes/vxlan/device.ts';
import { bridge, ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, nearNode, needsVxlan, podToPod } from '../places.ts';

export const tunnelEndpointUnknown: Fault = {
  id: 'tunnel-endpoint-unknown',
  title: 'a node does not know the tunnel end of another one',
  isInEvidence: true,
  whyNot: needsVxlan,
  apply(cluster) {
    const { inner, tunnelMac } = farNode(cluster);
    const { netns } = nearNode(cluster);
    return [ip(netns, `neigh del ${inner} dev ${VXLAN}`), bridge(netns, `fdb del ${tunnelMac} dev ${VXLAN}`)];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
