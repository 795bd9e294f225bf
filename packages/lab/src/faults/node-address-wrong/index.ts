import { setName } from '../../calico/sets.ts';
import type { Cluster } from '../../cluster/plan.ts';
import { modeById } from '../../modes/index.ts';
import { VXLAN } from '../../modes/vxlan/device.ts';
import { bridge, type Command, inside, ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, podToPod } from '../places.ts';
import { secondInterface } from '../second-interface.ts';

/** Of a network that the other nodes do not reach. */
const WRONG = '192.168.99.12';

export const nodeAddressWrong: Fault = {
  id: 'node-address-wrong',
  title: 'the address of a second interface is taken for that of the node',
  // Whether the router knows a way to the wrong address is not in the evidence.
  isInEvidence: false,
  whyNot({ mode }) {
    if (modeById(mode).tunnel === undefined)
      return 'on the same switch a node answers for the addresses of all its interfaces';
    return mode === 'cross-subnet'
      ? 'which addresses of a node in another subnet its router knows is in no evidence'
      : undefined;
  },
  change(cluster) {
    const { name } = farNode(cluster);
    return {
      ...cluster,
      nodes: cluster.nodes.map((node) => (node.name === name ? { ...node, announced: WRONG } : node)),
    };
  },
  apply: (cluster) => [
    ...secondInterface(cluster, farNode(cluster), `${WRONG}/24`),
    ...ownEnd(cluster),
    ...peersEnd(cluster),
  ],
  breaks: (cluster) => [podToPod(cluster)],
};

/** Felix puts the tunnel on the interface that has the node's address. */
function ownEnd(cluster: Cluster): readonly Command[] {
  if (modeById(cluster.options.mode).tunnel?.kind !== 'vxlan') return [];
  return [ip(farNode(cluster).netns, `link set ${VXLAN} type vxlan id 4096 local ${WRONG} dev eth1`)];
}

function peersEnd(cluster: Cluster): readonly Command[] {
  const { tunnel } = modeById(cluster.options.mode);
  const { block, tunnelMac, address, name } = farNode(cluster);
  const peers = cluster.nodes.filter((node) => node.name !== name);
  return peers.flatMap(({ netns }) => {
    if (tunnel?.kind === 'ipip')
      return [ip(netns, `route replace ${block} via ${WRONG} dev ${tunnel.device} proto bird onlink`)];
    const set = setName('all-vxlan-net', 4);
    return [
      bridge(netns, `fdb replace ${tunnelMac} dev ${VXLAN} dst ${WRONG}`),
      inside(netns, ['ipset', 'del', set, address]),
      inside(netns, ['ipset', 'add', set, WRONG]),
    ];
  });
}
