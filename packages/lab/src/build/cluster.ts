import type { Cluster } from '../cluster/plan.ts';
import { nodeFirewall } from '../firewall/node-firewall.ts';
import { modeById } from '../modes/index.ts';
import { type Command, sysctl } from '../netns/command.ts';
import { COMMON_SETTINGS } from './settings.ts';
import { buildNode, buildUnderlay, newNamespace } from './underlay.ts';

/** Every command that builds a lab, in order. The same cluster gives the same commands. */
export function buildCluster(cluster: Cluster): readonly Command[] {
  const mode = modeById(cluster.options.mode);
  return [
    ...buildUnderlay(cluster),
    ...cluster.nodes.flatMap((node) => buildNode(cluster, node)),
    ...cluster.nodes.flatMap((node) => mode.connectNode(node, cluster)),
    ...cluster.pods.flatMap((pod) => [
      newNamespace(pod.netns),
      sysctl(pod.netns, COMMON_SETTINGS),
      ...mode.attachPod(pod, cluster),
    ]),
    ...cluster.nodes.flatMap((node) => nodeFirewall(cluster, node)),
  ];
}
