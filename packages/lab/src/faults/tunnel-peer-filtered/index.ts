import { setName } from '../../calico/sets.ts';
import { modeById } from '../../modes/index.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, nearNode, podToPod } from '../places.ts';

export const tunnelPeerFiltered: Fault = {
  id: 'tunnel-peer-filtered',
  title: 'a node does not take tunnel packets from another one',
  isInEvidence: true,
  whyNot: ({ mode }) => (modeById(mode).tunnel === undefined ? `mode ${mode} has no tunnel` : undefined),
  apply(cluster) {
    const isVxlan = modeById(cluster.options.mode).tunnel?.kind === 'vxlan';
    const set = setName(isVxlan ? 'all-vxlan-net' : 'all-hosts-net', 4);
    return [inside(farNode(cluster).netns, ['ipset', 'del', set, nearNode(cluster).address])];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
