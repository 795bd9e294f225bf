import type { Cluster } from '../../cluster/plan.ts';
import { modeById } from '../../modes/index.ts';
import { type Command, ip, sysctl } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, nearNode, podToPod } from '../places.ts';
import { secondInterface } from '../second-interface.ts';

export const rpFilter: Fault = {
  id: 'rp-filter',
  title: 'a node with strict rp_filter would answer by another interface',
  isInEvidence: true,
  whyNot({ mode }) {
    if (!modeById(mode).isCalico) return 'answers to masqueraded packets do not go by the routes of pods';
    return mode === 'cross-subnet'
      ? 'the router between the subnets knows no pods, so answers would be lost anyway'
      : undefined;
  },
  apply: (cluster) => [
    ...otherWayBack(cluster),
    sysctl(farNode(cluster).netns, { 'net/ipv4/conf/all/rp_filter': 1 }),
  ],
  breaks: (cluster) => [podToPod(cluster)],
};

function otherWayBack(cluster: Cluster): readonly Command[] {
  const { block, address, subnet } = nearNode(cluster);
  const { netns, subnet: own } = farNode(cluster);
  // A route without the tunnel is what a change from CrossSubnet or BGP can leave behind.
  const gateway = subnet === own ? address : '172.30.2.1';
  if (modeById(cluster.options.mode).tunnel !== undefined)
    return [ip(netns, `route replace ${block} via ${gateway} dev eth0 proto 80 onlink`)];
  const second = secondInterface(cluster, farNode(cluster), '172.30.1.112/24');
  return [...second, ip(netns, `route replace ${block} via ${address} dev eth1 onlink`)];
}
