import { type Place, readPlace } from '../../datapath/endpoint.ts';
import type { Network, PodRecord } from '../../datapath/model/network.ts';
import { clusterIPsOf } from '../../facts/derived/kube-proxy/service-index.ts';
import { clusterDns } from '../../facts/derived/kubernetes/cluster-dns.ts';
import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import { ClusterSubject } from '../../facts/subjects.ts';
import type { Evidence } from '../../model/evidence.ts';
import { parseAddress } from '../../net/address.ts';

/** Whom a sender asks for names. */
export type NameServer =
  | { readonly kind: 'known'; readonly address: string }
  /** It asks others than the name servers of the cluster, or nobody knows whom. */
  | { readonly kind: 'not-checked'; readonly text: string; readonly place?: Evidence };

interface PodSpec {
  readonly dnsPolicy?: unknown;
  readonly hostNetwork?: unknown;
  readonly nodeName?: unknown;
  readonly dnsConfig?: { readonly nameservers?: readonly unknown[] };
}

/** The pod that a question comes from; undefined where it comes from no pod that is known. */
export function askingPod(network: Network, from: string): PodRecord | undefined {
  const place: Place | undefined = readPlace(from);
  if (place?.kind === 'pod') return network.pod(place.namespace, place.name);
  if (place?.kind === 'address') return network.podWith(place.address);
  const [, namespace, name] = place?.kind === 'netns' ? (/^([^_]+)_(.+)$/.exec(place.name) ?? []) : [];
  return namespace === undefined || name === undefined ? undefined : network.pod(namespace, name);
}

/** The name server in the `resolv.conf` of a sender, as the kubelet writes it by the pod's `dnsPolicy`. */
export function nameServerOf(snapshot: Snapshot, network: Network, from: string): NameServer {
  const pod = askingPod(network, from);
  const stored = pod === undefined ? undefined : network.object('pods', pod.namespace, pod.name);
  if (pod === undefined || stored === undefined)
    return {
      kind: 'not-checked',
      text: `which name server ${from} asks is not known, so the lookup is not checked`,
    };
  const name = `${pod.namespace}/${pod.name}`;
  const spec = (stored.object.spec ?? {}) as PodSpec;
  const policy = spec.dnsPolicy ?? 'ClusterFirst';
  const place = { file: stored.file, pointer: `${stored.pointer}/spec` };
  if (policy === 'None') {
    const [address] = spec.dnsConfig?.nameservers ?? [];
    return typeof address === 'string' && parseAddress(address) !== undefined
      ? { kind: 'known', address }
      : { kind: 'not-checked', text: `pod ${name} has the dnsPolicy None and names no name server`, place };
  }
  const isOfNode = policy === 'Default' || (policy === 'ClusterFirst' && spec.hostNetwork === true);
  if (isOfNode) {
    const why =
      policy === 'Default' ? 'dnsPolicy Default' : 'hostNetwork without dnsPolicy ClusterFirstWithHostNet';
    return {
      kind: 'not-checked',
      text: `pod ${name} asks the name servers of its node (${why}), which are not checked`,
      place,
    };
  }
  const address = ofKubelet(snapshot, pod.node) ?? ofService(network);
  return address === undefined
    ? {
        kind: 'not-checked',
        text: `the name server of the cluster is not known, so the lookup of pod ${name} is not checked`,
        place,
      }
    : { kind: 'known', address };
}

function ofKubelet(snapshot: Snapshot, node: string | undefined): string | undefined {
  if (node === undefined) return undefined;
  const subject = new ClusterSubject(snapshot, { now: '' }).node(node);
  const fact = subject?.reader().fact(clusterDns);
  return fact?.state === 'known' ? usableAddress(fact.value.split(',')[0]) : undefined;
}

function ofService(network: Network): string | undefined {
  const service = (network.objects('services') ?? []).find(isDnsService);
  return service === undefined ? undefined : usableAddress(clusterIPsOf(service)[0]);
}

function isDnsService({ object: { metadata } }: StoredObject): boolean {
  const labels = metadata.labels as Readonly<Record<string, unknown>> | undefined;
  return (
    metadata.namespace === 'kube-system' &&
    (labels?.['k8s-app'] === 'kube-dns' ||
      /^(?:kube-dns|coredns|rke2-coredns-rke2-coredns)$/.test(metadata.name))
  );
}

function usableAddress(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return parseAddress(trimmed) === undefined ? undefined : trimmed;
}
