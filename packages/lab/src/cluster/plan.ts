import { createHash } from 'node:crypto';
import type { IngressPolicy } from '../calico/policy.ts';
import type { LabOptions } from './options.ts';
import { planServices, type ServicePlan } from './services.ts';

/** A node: a network namespace that forwards for its pods. */
export interface NodePlan {
  readonly name: string;
  readonly number: number;
  readonly netns: string;
  /** Letter of the subnet it stands in. */
  readonly subnet: 'a' | 'b';
  readonly address: string;
  readonly address6: string;
  /** The address that its Node object gives. */
  readonly announced: string;
  readonly mac: string;
  /** Addresses of its pods. */
  readonly block: string;
  readonly block6: string;
  /** Address of its tunnel device, or of its bridge. */
  readonly inner: string;
  readonly inner6: string;
  /** MAC of its VXLAN device. */
  readonly tunnelMac: string;
}

/** A pod: a network namespace with one interface `eth0`. */
export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly netns: string;
  readonly node: NodePlan;
  readonly address: string;
  readonly address6: string;
  readonly mac: string;
  /** Interface of the node that leads to it. */
  readonly hostInterface: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly isReady: boolean;
}

/** Everything a lab consists of, worked out from its options alone. */
export interface Cluster {
  readonly options: LabOptions;
  readonly nodes: readonly NodePlan[];
  readonly pods: readonly PodPlan[];
  readonly services: readonly ServicePlan[];
  readonly policies: readonly IngressPolicy[];
  /** Namespaces of the switch and of the router behind it. */
  readonly switch: string;
  readonly router: string;
}

/** Networks that every lab has; the inside of a lab is closed, so they may be in use elsewhere. */
export const NETWORKS = {
  pods: '10.244.0.0/16',
  pods6: 'fd00:10:244::/48',
  services: '10.96.0.0/16',
  services6: 'fd00:10:96::/112',
} as const;

/** Port that everything in a lab listens on. */
export const SERVER_PORT = 8080;
/** The router's own address beyond the nodes' networks: a host of the internet. */
export const OUTSIDE = { address: '203.0.113.1', address6: '2001:db8:113::1' } as const;

/** Names of the namespaces of a lab begin so. */
export function netnsPrefix(lab: string): string {
  return `netvet-${lab}-`;
}

/** Works out names and addresses of a lab. */
export function planCluster(options: LabOptions): Cluster {
  const prefix = netnsPrefix(options.name);
  const nodes = Array.from({ length: options.nodes }, (_, index) => planNode(options, index + 1));
  const pods = nodes.flatMap((node) => planPods(options, node));
  return {
    options,
    nodes,
    pods,
    services: planServices(options),
    policies: [],
    switch: `${prefix}switch`,
    router: `${prefix}router`,
  };
}

function planNode({ name: lab, mode }: LabOptions, number: number): NodePlan {
  const name = `n${number}`;
  const subnet = mode === 'cross-subnet' && number === 3 ? 'b' : 'a';
  const isBridge = mode === 'bridge';
  const address = `172.30.${subnet === 'a' ? 1 : 2}.${10 + number}`;
  return {
    name,
    number,
    netns: `${netnsPrefix(lab)}${name}`,
    subnet,
    address,
    announced: address,
    address6: `fd00:30:${subnet === 'a' ? 1 : 2}::${10 + number}`,
    mac: `02:00:00:00:01:0${number}`,
    block: `10.244.${number}.${isBridge ? '0/24' : '0/26'}`,
    block6: `fd00:10:244:${number}::${isBridge ? '/64' : '/122'}`,
    inner: `10.244.${number}.${isBridge ? 1 : 0}`,
    inner6: `fd00:10:244:${number}::${isBridge ? 1 : ''}`,
    tunnelMac: tunnelMac(name),
  };
}

function planPods({ name: lab, mode, pods }: LabOptions, node: NodePlan): readonly PodPlan[] {
  const ordinary = Array.from({ length: pods }, (_, index) => {
    if (index === 0) return { namespace: 'default', name: `client-${node.name}`, app: 'client' };
    const ending = index === 1 ? '' : `-${index}`;
    return { namespace: 'default', name: `web-${node.name}${ending}`, app: 'web' };
  });
  const dns = { namespace: 'kube-system', name: 'coredns-1', app: 'kube-dns' };
  return [...ordinary, ...(node.number === 1 ? [dns] : [])].map(({ namespace, name, app }, index) => ({
    namespace,
    name,
    netns: `${netnsPrefix(lab)}${name}`,
    node,
    address: `10.244.${node.number}.${10 + index}`,
    address6: `fd00:10:244:${node.number}::${(10 + index).toString(16)}`,
    mac: `0a:00:00:00:0${node.number}:${(10 + index).toString(16).padStart(2, '0')}`,
    hostInterface: hostInterface(mode === 'bridge' ? 'veth' : 'cali', namespace, name),
    labels: app === 'kube-dns' ? { 'k8s-app': app } : { app },
    isReady: true,
  }));
}

/** Calico names the node's end of a pod's veth by the first 11 digits of SHA-1(namespace.pod). */
function hostInterface(prefix: string, namespace: string, pod: string): string {
  return `${prefix}${sha1(`${namespace}.${pod}`).slice(0, 11)}`;
}

/** Felix gives `vxlan.calico` the MAC 66 and the first five bytes of SHA-1(node name). */
function tunnelMac(node: string): string {
  const bytes = sha1(node).slice(0, 10).match(/../g) ?? [];
  return ['66', ...bytes].join(':');
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** Pods of a Service, in the order of their nodes. */
export function backendsOf({ pods }: Cluster, { selector }: ServicePlan): readonly PodPlan[] {
  return pods.filter(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value));
}

/** The pod with this name; throws where the lab has none. */
export function podNamed({ pods }: Cluster, name: string): PodPlan {
  const found = pods.find((pod) => pod.name === name);
  if (found === undefined) throw new Error(`the lab has no pod ${name}`);
  return found;
}

/** The node with this name; throws where the lab has none. */
export function nodeNamed({ nodes }: Cluster, name: string): NodePlan {
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`the lab has no node ${name}`);
  return found;
}
