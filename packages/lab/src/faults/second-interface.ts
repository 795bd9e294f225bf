import type { Cluster, NodePlan } from '../cluster/plan.ts';
import { type Command, ip } from '../netns/command.ts';

/** Gives a node a second cable, `eth1`, to the same switch. */
export function secondInterface(
  { switch: hub }: Cluster,
  node: NodePlan,
  address: string,
): readonly Command[] {
  const port = `${node.name}-2`;
  return [
    ip(
      hub,
      `link add ${port} type veth peer name eth1 address 02:00:00:00:02:0${node.number} netns ${node.netns}`,
      `link set ${port} master br-${node.subnet} up`,
    ),
    ip(node.netns, `addr add ${address} dev eth1 noprefixroute`, 'link set eth1 up'),
  ];
}
