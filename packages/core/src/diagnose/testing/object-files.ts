import {
  type Mode,
  NODES,
  type NodePlan,
  nodeAddress,
  type PodPlan,
  podAddress,
  podAddress6,
  tunnelAddress,
} from './plan.ts';
import { SERVICES } from './rule-files.ts';

/** Objects of the cluster, as the API server lists them. */
export function objectFiles(mode: Mode): Readonly<Record<string, string>> {
  const pods = NODES.flatMap((node) => node.pods.map((pod) => podObject(node, pod)));
  const calico = mode === 'bridge' ? {} : calicoFiles(mode);
  return {
    'cluster/version.json': JSON.stringify({ major: '1', minor: '31', gitVersion: 'v1.31.2' }),
    'cluster/nodes.json': list(
      'v1',
      'Node',
      NODES.map((node) => nodeObject(node, mode)),
    ),
    'cluster/pods.json': list('v1', 'Pod', pods),
    'cluster/services.json': list('v1', 'Service', SERVICES.map(serviceObject)),
    'cluster/endpointslices.discovery.k8s.io.json': list(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      SERVICES.map(sliceObject),
    ),
    'cluster/networkpolicies.networking.k8s.io.json': list('networking.k8s.io/v1', 'NetworkPolicy', []),
    ...calico,
  };
}

function list(apiVersion: string, kind: string, items: readonly object[]): string {
  return JSON.stringify({
    apiVersion,
    kind: `${kind}List`,
    items: items.map((item) => ({ apiVersion, kind, ...item })),
  });
}

function nodeObject(node: NodePlan, mode: Mode): object {
  const tunnel = mode === 'ipip' ? 'IPv4IPIPTunnelAddr' : 'IPv4VXLANTunnelAddr';
  const annotations =
    mode === 'bridge'
      ? {}
      : {
          'projectcalico.org/IPv4Address': `${nodeAddress(node)}/24`,
          ...(mode === 'routed' ? {} : { [`projectcalico.org/${tunnel}`]: tunnelAddress(node) }),
        };
  return {
    metadata: { name: node.name, annotations },
    spec: {
      podCIDR: `10.244.${node.index}.0/24`,
      podCIDRs: [`10.244.${node.index}.0/24`, `fd00:10:244:${node.index}::/64`],
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: nodeAddress(node) },
        { type: 'InternalIP', address: `2001:db8::${node.index}` },
        { type: 'Hostname', address: node.name },
      ],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function podObject(node: NodePlan, pod: PodPlan): object {
  return {
    metadata: { namespace: pod.namespace, name: pod.name, labels: labelsOf(pod) },
    spec: {
      nodeName: node.name,
      containers: [
        {
          name: 'main',
          image: 'example.net/main:1',
          ports: [{ name: 'main', containerPort: pod.name === 'coredns' ? 53 : 8080 }],
        },
      ],
    },
    status: {
      phase: 'Running',
      podIP: podAddress(node, pod),
      podIPs: [{ ip: podAddress(node, pod) }, { ip: podAddress6(node, pod) }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function labelsOf({ name }: PodPlan): Readonly<Record<string, string>> {
  return name === 'coredns' ? { 'k8s-app': 'kube-dns' } : { app: name.replace(/-\d+$/, '') };
}

type ServicePlan = (typeof SERVICES)[number];

function namesOf({ name }: ServicePlan): { readonly namespace: string; readonly name: string } {
  const [namespace = '', own = ''] = name.split('/');
  return { namespace, name: own };
}

function serviceObject(service: ServicePlan): object {
  const { address, protocol, port, targetPort } = service;
  const names = namesOf(service);
  const isDns = names.name === 'kube-dns';
  return {
    metadata: { ...names, labels: isDns ? { 'k8s-app': 'kube-dns' } : {} },
    spec: {
      type: 'ClusterIP',
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ['IPv4'],
      selector: isDns ? { 'k8s-app': 'kube-dns' } : { app: names.name },
      ports: [{ name: 'main', protocol: protocol.toUpperCase(), port, targetPort }],
    },
  };
}

function sliceObject(service: ServicePlan): object {
  const { namespace, name } = namesOf(service);
  return {
    metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'main', protocol: service.protocol.toUpperCase(), port: service.targetPort }],
    endpoints: service.endpoints.map((address) => ({
      addresses: [address],
      conditions: { ready: true, serving: true, terminating: false },
      ...endpointOwner(address),
    })),
  };
}

function endpointOwner(address: string): object {
  for (const node of NODES) {
    const pod = node.pods.find((candidate) => podAddress(node, candidate) === address);
    if (pod === undefined) continue;
    const { namespace, name } = pod;
    return { nodeName: node.name, targetRef: { kind: 'Pod', namespace, name } };
  }
  return {};
}

function calicoFiles(mode: Mode): Readonly<Record<string, string>> {
  const group = 'crd.projectcalico.org/v1';
  const vxlan = { vxlan: 'Always', 'cross-subnet': 'CrossSubnet' }[mode as string] ?? 'Never';
  const spec = {
    cidr: '10.244.0.0/16',
    blockSize: 26,
    natOutgoing: true,
    vxlanMode: vxlan,
    ipipMode: mode === 'ipip' ? 'Always' : 'Never',
  };
  return {
    'cluster/ippools.crd.projectcalico.org.json': list(group, 'IPPool', [
      { metadata: { name: 'default-ipv4-ippool' }, spec },
    ]),
    'cluster/blockaffinities.crd.projectcalico.org.json': list(
      group,
      'BlockAffinity',
      NODES.map(({ name, index }) => ({
        metadata: { name: `${name}-10-244-${index}-0-26` },
        spec: { cidr: `10.244.${index}.0/26`, node: name, state: 'confirmed', deleted: 'false' },
      })),
    ),
  };
}
