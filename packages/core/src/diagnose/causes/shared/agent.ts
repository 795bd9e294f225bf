import type { Network } from '../../../datapath/model/network.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';

/** Labels of the pods that write routes and tunnels on their node. */
const AGENTS: readonly (readonly [label: string, value: string])[] = [
  ['k8s-app', 'calico-node'],
  ['k8s-app', 'canal'],
  ['app', 'flannel'],
  ['k8s-app', 'flannel'],
];

/** How to make the network plugin write its state on a node again, and keep others from taking it away. */
export function rewriteByAgent(network: Network, node: string, what: string): CauseRemedy {
  const agent = agentOf(network, node);
  const others =
    'keep NetworkManager and systemd-networkd from managing interfaces and routes of the network plugin';
  if (agent === undefined) {
    return {
      kind: 'manual',
      text: `Restart the agent of the network plugin on ${node}, which writes ${what} again, and ${others}.`,
    };
  }
  return {
    kind: 'restart',
    text: `Restart the agent of the network plugin on ${node}, which writes ${what} again; if it gets lost again, ${others}.`,
    command: `kubectl -n ${agent.namespace} delete pod ${agent.name}`,
    sideEffects: 'Existing connections go on; new pods on the node wait until the agent is ready.',
  };
}

function agentOf(
  network: Network,
  node: string,
): { readonly namespace: string; readonly name: string } | undefined {
  for (const { object } of network.objects('pods') ?? []) {
    const { labels, name, namespace = '' } = object.metadata;
    const known = (typeof labels === 'object' && labels !== null ? labels : {}) as Readonly<
      Record<string, unknown>
    >;
    if (!AGENTS.some(([label, value]) => known[label] === value)) continue;
    if (network.pod(namespace, name)?.node === node) return { namespace, name };
  }
  return undefined;
}
