import type { Cluster } from '../cluster/plan.ts';
import { modeById } from '../modes/index.ts';
import { meta } from './meta.ts';
import { KUBERNETES } from './nodes.ts';

/** The release of Calico that the rules and devices of a lab follow. */
const CALICO = 'v3.30.3';

export interface Daemon {
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What runs on every node of a lab. */
export function daemonsOf({ options }: Cluster): readonly Daemon[] {
  const { isCalico } = modeById(options.mode);
  const backend = options.mode === 'vxlan' || options.mode === 'cross-subnet' ? 'vxlan' : 'bird';
  return [
    ...(options.proxy === 'none'
      ? []
      : [{ name: 'kube-proxy', image: `registry.k8s.io/kube-proxy:${KUBERNETES}`, env: {} }]),
    ...(isCalico
      ? [
          {
            name: 'calico-node',
            image: `quay.io/calico/node:${CALICO}`,
            env: { CALICO_NETWORKING_BACKEND: backend },
          },
        ]
      : []),
  ];
}

/** The DaemonSet objects of a lab. */
export function daemonSetObjects(cluster: Cluster): readonly object[] {
  const count = cluster.nodes.length;
  return daemonsOf(cluster).map(({ name, image, env }) => ({
    metadata: meta('daemonset', 'kube-system', name, { labels: { 'k8s-app': name } }),
    spec: {
      selector: { matchLabels: { 'k8s-app': name } },
      template: {
        metadata: { labels: { 'k8s-app': name } },
        spec: {
          hostNetwork: true,
          containers: [
            { name, image, env: Object.entries(env).map(([key, value]) => ({ name: key, value })) },
          ],
        },
      },
    },
    status: {
      currentNumberScheduled: count,
      desiredNumberScheduled: count,
      numberAvailable: count,
      numberReady: count,
      updatedNumberScheduled: count,
      numberMisscheduled: 0,
    },
  }));
}
