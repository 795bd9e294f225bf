import { cniConfProbe, proxyModeProbe } from '../../../probes/configuration.ts';
import { ipLinkProbe } from '../../../probes/network.ts';
import { unitsProbe } from '../../../probes/system.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, onThisNode, type Reader } from '../../reader.ts';
import { modeTraces } from '../kube-proxy/mode-traces.ts';
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
    const onNode = nodeTrace(read, product);
    if (onNode !== undefined) return onNode;
    return product === 'kube-proxy' ? kubeProxyAbsence(read) : absence(read);
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
  const labels = node?.object.metadata.labels as Readonly<Record<string, unknown>> | undefined;
  if (node !== undefined && labels?.['microk8s.io/cluster'] !== undefined)
    return inObject(node, '/metadata/labels');
  // K3s and MicroK8s run kube-proxy inside their own process; no pod shows it.
  if (node === undefined || !/[+-]k3s/.test(info?.kubeletVersion ?? '')) return undefined;
  return inObject(node, '/status/nodeInfo/kubeletVersion');
}

/**
 * kube-proxy may run from the host or as a static pod, which DaemonSets do not show. Its rules speak for it where nothing
 * speaks against it; alone they may be left over.
 */
function kubeProxyAbsence(read: Reader): Fact<boolean> {
  for (const node of read.nodes()) {
    const units = node.probe(unitsProbe);
    const states = units.state === 'read' ? [...units.value] : [];
    const unit = states.find(
      ([name, { active }]) => /^kube-proxy\b.*\.service$/.test(name) && active === 'active',
    );
    if (units.state === 'read' && unit !== undefined)
      return known(true, onThisNode(node, at(units.file, unit[1])));
  }
  const absent = read.objects('pods')?.complete === true || !read.nodes().some(runsStaticPods);
  const decided = absent ? absence(read) : unknown(missingObjects('pods'));
  if (decided.state === 'known') return decided;
  for (const node of read.nodes()) {
    const trace = modeTraces(node).find(({ state }) => state === 'seen');
    if (trace !== undefined) return known(true, ...trace.origins.map((origin) => onThisNode(node, origin)));
  }
  return decided;
}

/** RKE2 and GKE start kube-proxy as a static pod. */
function runsStaticPods(read: Reader): boolean {
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: { kubeletVersion?: string } } | undefined)?.nodeInfo;
  return /[+-](rke2|gke)/.test(info?.kubeletVersion ?? '');
}

function absence(read: Reader): Fact<boolean> {
  const lists = [read.objects('daemonsets.apps'), read.objects('pods')].filter(
    (list) => list?.complete === true,
  );
  if (lists.length === 0) return unknown(missingObjects('daemonsets.apps'), missingObjects('pods'));
  return known(false, ...lists.flatMap((list) => list?.files.map((file) => ({ file })) ?? []));
}
