import { calicoRules } from '../../calico/index.ts';
import { iptablesTool, restore } from '../../firewall/restore.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, needsCalico, podToPod } from '../places.ts';

export const backendsMixed: Fault = {
  id: 'backends-mixed',
  title: 'chains of a former Calico are left in the other back end, and drop what they do not know',
  isInEvidence: true,
  whyNot: needsCalico,
  apply(cluster) {
    const node = farNode(cluster);
    const other = iptablesTool(
      cluster.options.proxy === 'iptables-legacy' ? 'iptables-nft' : 'iptables-legacy',
      4,
    );
    // Pods that came after the change of back ends have no chains there.
    const former = { ...cluster, pods: [] };
    return [
      restore(node.netns, other, calicoRules(former, node, 4)),
      inside(node.netns, [other, '-P', 'FORWARD', 'DROP']),
    ];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
