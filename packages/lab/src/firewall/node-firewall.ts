import { calicoRules } from '../calico/index.ts';
import { calicoSets } from '../calico/sets.ts';
import type { Cluster, NodePlan } from '../cluster/plan.ts';
import { modeById } from '../modes/index.ts';
import { type Command, inside } from '../netns/command.ts';
import { bridgeMasquerade } from './masquerade.ts';
import { proxyCommands } from './proxy.ts';
import { type Family, iptablesTool, restore } from './restore.ts';

const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/**
 * Commands that give a node the rules it should have, whatever it had in the same back end. kube-proxy comes first: from
 * 3.28.2 on Calico appends its chain to POSTROUTING.
 */
export function nodeFirewall(cluster: Cluster, node: NodePlan): readonly Command[] {
  const { isCalico } = modeById(cluster.options.mode);
  const { proxy } = cluster.options;
  return [
    ...familiesOf(cluster).map((family) =>
      inside(node.netns, [`${iptablesTool(proxy, family)}-restore`], emptyTables()),
    ),
    ...(isCalico ? calicoSets(cluster, node) : []),
    ...familiesOf(cluster).flatMap((family) => {
      const rules = isCalico ? calicoRules(cluster, node, family) : bridgeMasquerade(cluster, node, family);
      return [
        ...proxyCommands(cluster, node, family),
        restore(node.netns, iptablesTool(proxy, family), rules),
      ];
    }),
  ];
}

function emptyTables(): string {
  return Object.entries(BUILT_IN)
    .map(
      ([table, chains]) => `*${table}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}COMMIT\n`,
    )
    .join('');
}

/** The IP versions of a lab. */
function familiesOf({ options }: Cluster): readonly Family[] {
  return options.ipv6 ? [4, 6] : [4];
}
