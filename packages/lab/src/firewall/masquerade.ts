import { createHash } from 'node:crypto';
import type { Cluster, NodePlan } from '../cluster/plan.ts';
import { type Family, formatTables } from './restore.ts';

/** Rules of `ipMasq` of the bridge plugin: a chain for each pod, which spares packets within the pod's own network. */
export function bridgeMasquerade(cluster: Cluster, node: NodePlan, family: Family): string {
  const pods = cluster.pods.filter((pod) => pod.node === node);
  const chains = pods.map(({ name }) => chainOf(name));
  const network = family === 4 ? node.block : node.block6;
  const multicast = family === 4 ? '224.0.0.0/4' : 'ff00::/8';
  return formatTables({
    nat: {
      chains,
      rules: pods.flatMap((pod) => {
        const said = `-m comment --comment "name: \\"lab\\" id: \\"${pod.name}\\""`;
        const address = family === 4 ? pod.address : pod.address6;
        return [
          `-A POSTROUTING -s ${address} ${said} -j ${chainOf(pod.name)}`,
          `-A ${chainOf(pod.name)} -d ${network} ${said} -j ACCEPT`,
          `-A ${chainOf(pod.name)} ! -d ${multicast} ${said} -j MASQUERADE`,
        ];
      }),
    },
  });
}

/** The plugins library names chains `CNI-` and 24 digits of SHA-512 of the network's name and the container. */
function chainOf(pod: string): string {
  return `CNI-${createHash('sha512').update(`lab${pod}`).digest('hex').slice(0, 24)}`;
}
