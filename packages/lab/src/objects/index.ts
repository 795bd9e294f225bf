import { type Cluster, NETWORKS } from '../cluster/plan.ts';
import { calicoObjects } from './calico.ts';
import { list, meta } from './meta.ts';
import { KUBERNETES, nodeObjects } from './nodes.ts';
import { podObjects } from './pods.ts';
import { policyObjects } from './policies.ts';
import { endpointSliceObjects, serviceObjects } from './services.ts';
import { daemonSetObjects } from './workloads.ts';

/** The files `cluster/…` of the evidence of a lab: what its API would tell. */
export function clusterFiles(cluster: Cluster): Readonly<Record<string, string>> {
  const files: Readonly<Record<string, string>> = {
    'version.json': `${JSON.stringify({ major: '1', minor: '33', gitVersion: KUBERNETES, platform: 'linux/amd64' })}\n`,
    'nodes.json': list('v1', 'Node', nodeObjects(cluster)),
    'namespaces.json': list(
      'v1',
      'Namespace',
      ['default', 'kube-system'].map((name) => ({
        metadata: meta('namespace', undefined, name, { labels: { 'kubernetes.io/metadata.name': name } }),
        status: { phase: 'Active' },
      })),
    ),
    'pods.json': list('v1', 'Pod', podObjects(cluster)),
    'services.json': list('v1', 'Service', serviceObjects(cluster)),
    'configmaps.json': list('v1', 'ConfigMap', configMaps(cluster)),
    'daemonsets.apps.json': list('apps/v1', 'DaemonSet', daemonSetObjects(cluster)),
    'deployments.apps.json': list('apps/v1', 'Deployment', []),
    'endpointslices.discovery.k8s.io.json': list(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      endpointSliceObjects(cluster),
    ),
    'networkpolicies.networking.k8s.io.json': list(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      policyObjects(cluster),
    ),
    ...calicoObjects(cluster),
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`cluster/${name}`, text]));
}

function configMaps({ options: { proxy } }: Cluster): readonly object[] {
  if (proxy === 'none') return [];
  const mode = proxy.startsWith('iptables') ? 'iptables' : proxy;
  const config = [
    'apiVersion: kubeproxy.config.k8s.io/v1alpha1',
    'kind: KubeProxyConfiguration',
    `clusterCIDR: ${NETWORKS.pods}`,
    `mode: ${mode}`,
  ];
  return [
    {
      metadata: meta('configmap', 'kube-system', 'kube-proxy'),
      data: { 'config.conf': config.map((line) => `${line}\n`).join('') },
    },
  ];
}
