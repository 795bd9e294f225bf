import type { Cluster, NodePlan, PodPlan } from '../cluster/plan.ts';
import { condition, meta } from './meta.ts';
import { daemonsOf } from './workloads.ts';

/** The Pod objects of a lab, those of the daemons on the nodes among them. */
export function podObjects(cluster: Cluster): readonly object[] {
  const { ipv6 } = cluster.options;
  return [
    ...cluster.pods.map((pod) => podObject(pod, ipv6)),
    ...cluster.nodes.flatMap((node) =>
      daemonsOf(cluster).map(({ name, image }) => daemonPod(node, name, image)),
    ),
  ];
}

function podObject(pod: PodPlan, ipv6: boolean): object {
  const { namespace, name, node, labels, isReady } = pod;
  const isDns = labels['k8s-app'] === 'kube-dns';
  const container = isDns ? 'coredns' : 'server';
  const image = isDns ? 'registry.k8s.io/coredns/coredns:v1.12.0' : 'example.com/lab-server:1';
  return {
    metadata: meta('pod', namespace, name, { labels }),
    spec: {
      nodeName: node.name,
      serviceAccountName: isDns ? 'coredns' : 'default',
      dnsPolicy: isDns ? 'Default' : 'ClusterFirst',
      containers: [
        {
          name: container,
          image,
          ports: isDns
            ? [
                { name: 'dns', containerPort: 53, protocol: 'UDP' },
                { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
              ]
            : [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        },
      ],
    },
    status: status(
      node,
      pod.address,
      ipv6 ? [pod.address, pod.address6] : [pod.address],
      container,
      image,
      isReady,
    ),
  };
}

function daemonPod(node: NodePlan, daemon: string, image: string): object {
  return {
    metadata: meta('pod', 'kube-system', `${daemon}-${node.name}`, { labels: { 'k8s-app': daemon } }),
    spec: {
      nodeName: node.name,
      hostNetwork: true,
      serviceAccountName: daemon,
      containers: [{ name: daemon, image }],
    },
    status: status(node, node.address, [node.address], daemon, image, true),
  };
}

function status(
  node: NodePlan,
  address: string,
  addresses: readonly string[],
  container: string,
  image: string,
  isReady: boolean,
): object {
  return {
    phase: 'Running',
    hostIP: node.announced,
    podIP: address,
    podIPs: addresses.map((ip) => ({ ip })),
    conditions: [
      condition('Initialized', true),
      condition('Ready', isReady),
      condition('ContainersReady', isReady),
      condition('PodScheduled', true),
    ],
    containerStatuses: [
      { name: container, image, ready: isReady, restartCount: 0, started: true, state: { running: {} } },
    ],
  };
}
