import { type Cluster, NETWORKS, type NodePlan } from '../cluster/plan.ts';
import type { Family } from '../firewall/restore.ts';
import { type Command, inside } from '../netns/command.ts';
import { isSelected, selectorSetId } from './policy.ts';

/** Name of one of Felix's sets: `cali40all-vxlan-net`. */
export function setName(id: string, family: Family): string {
  return `cali${family}0${id}`.slice(0, 31);
}

/** Felix's IP sets of a node. */
export function calicoSets(cluster: Cluster, node: NodePlan): readonly Command[] {
  const families: readonly Family[] = cluster.options.ipv6 ? [4, 6] : [4];
  return [
    inside(
      node.netns,
      ['ipset', 'restore', '-exist'],
      families.flatMap((family) => setLines(cluster, node, family)).join(''),
    ),
  ];
}

function setLines(cluster: Cluster, node: NodePlan, family: Family): readonly string[] {
  const { nodes, pods, policies } = cluster;
  const pool = family === 4 ? NETWORKS.pods : NETWORKS.pods6;
  const all = nodes.map((each) => (family === 4 ? each.address : each.address6));
  const peers = nodes
    .filter((other) => other !== node)
    .map((each) => (family === 4 ? each.address : each.address6));
  const own = family === 4 ? [node.address, '127.0.0.1'] : [node.address6, '::1'];
  return [
    ...set('masq-ipam-pools', 'hash:net', family, [pool]),
    ...set('all-ipam-pools', 'hash:net', family, [pool]),
    ...set('all-hosts-net', 'hash:net', family, all),
    ...set('all-vxlan-net', 'hash:net', family, peers),
    ...set('this-host', 'hash:ip', family, own),
    ...policies.flatMap(({ from }) => {
      if (from === undefined) return [];
      const members = pods.filter((pod) => isSelected(pod, from));
      const addresses = members.map((pod) => (family === 4 ? pod.address : pod.address6));
      return set(selectorSetId(from), 'hash:net', family, addresses);
    }),
  ];
}

function set(id: string, type: string, family: Family, members: readonly string[]): readonly string[] {
  const name = setName(id, family);
  return [
    `create ${name} ${type} family ${family === 4 ? 'inet' : 'inet6'} hashsize 1024 maxelem 1048576\n`,
    `flush ${name}\n`,
    ...members.map((member) => `add ${name} ${member}\n`),
  ];
}
