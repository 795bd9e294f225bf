import { cniConfProbe, proxyModeProbe } from '../../../probes/configuration.ts';
import { ipLinkProbe } from '../../../probes/network.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, onThisNode, type Reader } from '../../reader.ts';
import { COMPONENT_IMAGES } from './images.ts';
import { podContainers, workloadContainers } from './workloads.ts';

/** Traces that a product leaves on a node or in the API besides its workloads. */
interface Traces {
  readonly interfaces?: RegExp;
  readonly cniPlugin?: string;
  readonly resources?: readonly string[];
}

const TRACES: Readonly<Record<string, Traces>> = {
  calico: {
    interfaces: /^(vxlan\.calico|vxlan-v6\.calico|cali[0-9a-f]{11}|wireguard\.cali)$/,
    cniPlugin: 'calico',
    resources: ['felixconfigurations.crd.projectcalico.org', 'ippools.crd.projectcalico.org'],
  },
  antrea: {
    interfaces: /^antrea-(gw|tun)0$/,
    cniPlugin: 'antrea',
    resources: ['antreaagentinfos.crd.antrea.io'],
  },
  spiderpool: {
    cniPlugin: 'spiderpool',
    resources: [
      'spiderippools.spiderpool.spidernet.io',
      'spidercoordinators.spiderpool.spidernet.io',
      'spiderendpoints.spiderpool.spidernet.io',
      'spidermultusconfigs.spiderpool.spidernet.io',
      'spidersubnets.spiderpool.spidernet.io',
    ],
  },
  multus: { cniPlugin: 'multus', resources: ['network-attachment-definitions.k8s.cni.cncf.io'] },
  whereabouts: {
    resources: ['ippools.whereabouts.cni.cncf.io', 'overlappingrangeipreservations.whereabouts.cni.cncf.io'],
  },
  cilium: {
    interfaces: /^cilium_(host|net|vxlan)$/,
    cniPlugin: 'cilium-cni',
    resources: ['ciliumnodes.cilium.io', 'ciliumpodippools.cilium.io'],
  },
};

/** Products that have issues of their own and run as workloads, so that their absence can be proven. */
export const PRODUCTS: readonly string[] = [
  'kube-proxy',
  'calico',
  'antrea',
  'spiderpool',
  'multus',
  'whereabouts',
  'cilium',
  'coredns',
];

/**
 * Whether a product runs in the cluster. Absence is proven where DaemonSets or pods were listed whole and neither
 * they nor any node or custom resource shows a trace of it.
 */
export const componentPresent: FactDefinition<boolean> = {
  id: 'component.present',
  title: 'component is installed',
  parameter: 'first part of its issue ids',
  level: 'cluster',
  compute(read, product) {
    const images = new Set(COMPONENT_IMAGES.filter((image) => image.product === product).map(({ id }) => id));
    const workload = workloadContainers(read).find((container) => images.has(container.component));
    const container = workload ?? podContainers(read).find((one) => images.has(one.component));
    if (container !== undefined) return known(true, container.origin);
    const trace =
      resourceTrace(read, product) ?? (product === 'kube-proxy' ? kubeProxyTrace(read) : undefined);
    if (trace !== undefined) return known(true, trace);
    return nodeTrace(read, product) ?? absence(read);
  },
};

function resourceTrace(read: Reader, product: string): Origin | undefined {
  for (const resource of TRACES[product]?.resources ?? []) {
    const [first] = read.objects(resource)?.items ?? [];
    if (first !== undefined) return inObject(first);
  }
  return undefined;
}

function kubeProxyTrace(read: Reader): Origin | undefined {
  const map = read
    .objects('configmaps')
    ?.items.find(
      ({ object }) => object.metadata.namespace === 'kube-system' && object.metadata.name === 'kube-proxy',
    );
  return map === undefined ? undefined : inObject(map);
}

function nodeTrace(read: Reader, product: string): Fact<boolean> | undefined {
  for (const node of read.nodes()) {
    const origin = traceOnNode(node, product);
    if (origin !== undefined) return known(true, origin);
  }
  return undefined;
}

function traceOnNode(read: Reader, product: string): Origin | undefined {
  const traces = TRACES[product];
  const links = read.probe(ipLinkProbe);
  const link =
    links.state === 'read' ? links.value.find(({ name }) => traces?.interfaces?.test(name)) : undefined;
  if (links.state === 'read' && link !== undefined) return onThisNode(read, at(links.file, link));
  for (const member of traces?.cniPlugin === undefined ? [] : read.members(cniConfProbe)) {
    const conf = read.probe(cniConfProbe, member);
    const types = conf.state === 'read' ? conf.value?.plugins.map(({ type }) => type) : undefined;
    if (conf.state === 'read' && types?.includes(traces?.cniPlugin ?? ''))
      return onThisNode(read, at(conf.file, {}));
  }
  return product === 'kube-proxy' ? kubeProxyOnNode(read) : undefined;
}

function kubeProxyOnNode(read: Reader): Origin | undefined {
  const mode = read.probe(proxyModeProbe);
  if (mode.state === 'read' && mode.value !== undefined) return onThisNode(read, at(mode.file, mode.value));
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: { kubeletVersion?: string } } | undefined)?.nodeInfo;
  // K3s runs kube-proxy inside its own process; no pod shows it.
  if (node === undefined || !/[+-]k3s/.test(info?.kubeletVersion ?? '')) return undefined;
  return inObject(node, '/status/nodeInfo/kubeletVersion');
}

function absence(read: Reader): Fact<boolean> {
  const lists = [read.objects('daemonsets.apps'), read.objects('pods')].filter(
    (list) => list?.complete === true,
  );
  if (lists.length === 0) return unknown(missingObjects('daemonsets.apps'), missingObjects('pods'));
  return known(false, ...lists.flatMap((list) => list?.files.map((file) => ({ file })) ?? []));
}
