import type { Cluster, PodPlan } from '../../cluster/plan.ts';
import { nodeFirewall } from '../../firewall/node-firewall.ts';
import { modeById } from '../../modes/index.ts';
import { type Command, ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { nearNode, needsServices, POD_TO_SERVICE } from '../places.ts';

export const staleDnatTarget: Fault = {
  id: 'stale-dnat-target',
  title: 'the servers have new addresses, and a node still translates to the old ones',
  isInEvidence: true,
  whyNot: needsServices,
  change: (cluster) => ({
    ...cluster,
    pods: cluster.pods.map((pod) => (pod.labels.app === 'web' ? { ...pod, address: renumbered(pod) } : pod)),
  }),
  apply(cluster, after) {
    const servers = cluster.pods.filter(({ labels }) => labels.app === 'web');
    const others = after.nodes.filter(({ name }) => name !== nearNode(cluster).name);
    return [
      ...servers.flatMap((pod) => renumber(cluster, pod)),
      ...others.flatMap((node) => nodeFirewall(after, node)),
    ];
  },
  breaks: () => [POD_TO_SERVICE],
};

/** Another address of the same block: `10.244.1.11` becomes `10.244.1.41`. */
function renumbered({ address }: PodPlan): string {
  const [last = '', ...first] = address.split('.').reverse();
  return [...first.reverse(), String(Number(last) + 30)].join('.');
}

function renumber({ options }: Cluster, pod: PodPlan): readonly Command[] {
  const { netns, node, hostInterface } = pod;
  const address = renumbered(pod);
  if (!modeById(options.mode).isCalico) {
    return [
      // The routes go with the address.
      ip(
        netns,
        `addr del ${pod.address}/24 dev eth0`,
        `addr add ${address}/24 dev eth0`,
        `route replace default via ${node.inner} dev eth0`,
      ),
    ];
  }
  return [
    ip(netns, `addr add ${address}/32 dev eth0`, `addr del ${pod.address}/32 dev eth0`),
    ip(node.netns, `route del ${pod.address}/32`, `route add ${address}/32 dev ${hostInterface} scope link`),
  ];
}
