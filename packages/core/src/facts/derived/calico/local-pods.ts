import type { MissingFact } from '../../../model/finding.ts';
import type { Link } from '../../../parsers/ip-link/index.ts';
import { ipLinkProbe } from '../../../probes/network.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import { objectName, type StoredObject } from '../../snapshot/object-store.ts';
import { sha1 } from './sha1.ts';

/** A pod that runs on the node with an IPv4 address of its own. */
export interface LocalPod {
  /** `namespace/name` */
  readonly name: string;
  readonly address: string;
  /** Name of the host's end of its interface, if Calico connected it. */
  readonly hostEnd: string;
  /** The host's end, where there is one. */
  readonly link: Link | undefined;
  /** Whether Calico's plugin marked the pod as connected by it. */
  readonly isMarked: boolean;
  readonly stored: StoredObject;
}

/** Running pods of a node beside its interfaces. */
export interface LocalPods {
  readonly pods: readonly LocalPod[];
  /** File of the interfaces, relative to the node's directory. */
  readonly file: string;
  /** False where pods or interfaces may be missing in what was collected. */
  readonly complete: boolean;
}

/**
 * Pods that run on this node, each once. Pods of the host's network, pods that start or end and pods that only have IPv6
 * are left out, those of virtual machines, and all pods of a node that is not ready, as nobody updates their state. Otherwise tells
 * what is missing.
 */
export function localPods(read: Reader): LocalPods | { readonly missing: MissingFact } {
  const pods = read.podsOnNode();
  const links = read.probe(ipLinkProbe);
  if (pods === undefined) return { missing: missingObjects('pods') };
  if (links.state === 'missing') return { missing: links.missing };
  if (!isReady(read.nodeObject())) {
    return { missing: { fact: 'pods of the node when it is ready', command: 'kubectl get pods -A -o json' } };
  }
  const byName = new Map(links.value.map((link) => [link.name, link]));
  const found = new Map<string, LocalPod>();
  for (const stored of pods.items) {
    const name = objectName(stored.object);
    const address = addressOf(stored);
    if (address === undefined || found.has(name) || machineOf(stored) !== undefined) continue;
    const mark = annotationsOf(stored)['cni.projectcalico.org/podIP'];
    const isMarked = typeof mark === 'string' && mark !== '';
    // With Multus, Calico may connect a second interface only, whose address is not the pod's.
    if (isMarked && mark.split('/')[0] !== address) continue;
    const hostEnd = hostEndOf(stored);
    found.set(name, { name, address, hostEnd, link: byName.get(hostEnd), isMarked, stored });
  }
  return {
    pods: [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    file: links.file,
    complete: pods.complete && links.complete,
  };
}

/** IPv4 address of a pod that runs, has its own network and is not being deleted. */
export function addressOf({ object }: StoredObject): string | undefined {
  const { hostNetwork } = (object.spec ?? {}) as { hostNetwork?: unknown };
  const { phase, podIP, podIPs } = (object.status ?? {}) as Readonly<Record<string, unknown>>;
  if (hostNetwork === true || phase !== 'Running' || object.metadata.deletionTimestamp !== undefined) {
    return undefined;
  }
  const all = Array.isArray(podIPs) ? podIPs.map((one: { ip?: unknown } | null) => one?.ip) : [];
  return [podIP, ...all].find(
    (one): one is string => typeof one === 'string' && /^\d+\.\d+\.\d+\.\d+$/.test(one),
  );
}

/**
 * Name of the virtual machine that a pod of KubeVirt runs. KubeVirt may take the address from the pod's interface and give it
 * to the machine, and while a machine moves, two pods have its address. Releases before the label have the annotation.
 * https://github.com/kubevirt/kubevirt/pull/7102
 */
export function machineOf(stored: StoredObject): string | undefined {
  const { labels, namespace, name } = stored.object.metadata as {
    labels?: Readonly<Record<string, unknown>> | null;
    namespace?: string;
    name: string;
  };
  if (labels?.['kubevirt.io'] !== 'virt-launcher') return undefined;
  const machine = labels['vm.kubevirt.io/name'] ?? annotationsOf(stored)['kubevirt.io/domain'] ?? name;
  return `${namespace}/${String(machine)}`;
}

/** Where a pod's address stands in its object. */
export function addressOrigin(stored: StoredObject) {
  return inObject(stored, '/status/podIP');
}

/** False where the Node object says that the node is not ready; a node without conditions counts as ready. */
export function isReady(node: StoredObject | undefined): boolean {
  const { conditions } = (node?.object.status ?? {}) as { conditions?: unknown };
  if (!Array.isArray(conditions)) return true;
  const ready = conditions.find((one: { type?: unknown } | null) => one?.type === 'Ready');
  return ready === undefined || (ready as { status?: unknown }).status === 'True';
}

/** Annotations of an object; none where they are not a map. */
export function annotationsOf(stored: StoredObject | undefined): Readonly<Record<string, unknown>> {
  const annotations = stored?.object.metadata.annotations;
  return typeof annotations === 'object' && annotations !== null
    ? (annotations as Readonly<Record<string, unknown>>)
    : {};
}

const hostEnds = new WeakMap<StoredObject, string>();

function hostEndOf(stored: StoredObject): string {
  let name = hostEnds.get(stored);
  if (name === undefined) {
    const { metadata } = stored.object;
    name = hostEndName(`${metadata.namespace}`, metadata.name);
    hostEnds.set(stored, name);
  }
  return name;
}

/**
 * Name of the host's end of a pod: `cali` and the first 11 digits of the SHA-1 of namespace and name.
 * https://github.com/projectcalico/calico/blob/v3.32.1/libcalico-go/lib/backend/k8s/conversion/workload_endpoint_default.go
 */
export function hostEndName(namespace: string, pod: string): string {
  return `cali${sha1(`${namespace}.${pod}`).slice(0, 11)}`;
}
