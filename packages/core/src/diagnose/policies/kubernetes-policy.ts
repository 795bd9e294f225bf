import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import { parsePrefix, prefixContains } from '../../net/prefix.ts';
import { fitsLabels, type LabelSelector } from './label-selector.ts';
import {
  allFit,
  anyFits,
  type Fit,
  fitOf,
  type PolicyFlow,
  type PolicyOpinion,
  type PolicyPod,
  portName,
} from './policy.ts';

interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface PolicyRule {
  readonly from?: readonly PolicyPeer[] | null;
  readonly to?: readonly PolicyPeer[] | null;
  readonly ports?: readonly PolicyPort[] | null;
}

interface PolicySpec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly PolicyRule[] | null;
  readonly egress?: readonly PolicyRule[] | null;
}

/**
 * What a NetworkPolicy of Kubernetes says about a flow; undefined where it does not select the pod for this direction
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
export function kubernetesOpinion(stored: StoredObject, flow: PolicyFlow): PolicyOpinion | undefined {
  const { namespace = 'default', name } = stored.object.metadata;
  if (namespace !== flow.pod.namespace) return undefined;
  const spec = (stored.object.spec ?? {}) as PolicySpec;
  const isSelected = fitsLabels(spec.podSelector ?? {}, flow.pod.labels);
  if (isSelected === false || !typesOf(spec).includes(flow.direction)) return undefined;
  const rules = spec[flow.direction] ?? [];
  const judged = rules.map((rule) => ({ peer: peerFit(rule, flow, namespace), port: portFit(rule, flow) }));
  const fit = anyFits(judged.map(({ peer, port }) => allFit([peer, port])));
  const opinion =
    fit === 'yes' ? 'allows' : fit === 'unknown' || isSelected === undefined ? 'unknown' : 'says nothing';
  return {
    name: `NetworkPolicy ${namespace}/${name}`,
    place: { file: stored.file, pointer: stored.pointer },
    opinion,
    reason: reasonOf(judged, flow),
  };
}

/** Without `policyTypes`, a policy is for ingress, and for egress where it has such rules. */
function typesOf({ policyTypes, egress }: PolicySpec): readonly string[] {
  if (Array.isArray(policyTypes)) return policyTypes.map((type) => String(type).toLowerCase());
  return (egress ?? []).length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

function reasonOf(judged: readonly { readonly peer: Fit; readonly port: Fit }[], flow: PolicyFlow): string {
  const preposition = flow.direction === 'ingress' ? 'from' : 'to';
  if (judged.length === 0) return `allows no ${flow.direction} at all`;
  if (judged.some(({ peer }) => peer === 'yes'))
    return `allows other ports ${preposition} that peer, not ${portName(flow)}`;
  if (judged.some(({ port }) => port === 'yes')) return `allows ${portName(flow)} ${preposition} other peers`;
  return `allows other peers and ports`;
}

/** No peers stand for everybody. */
function peerFit({ from, to }: PolicyRule, flow: PolicyFlow, namespace: string): Fit {
  const peers = (flow.direction === 'ingress' ? from : to) ?? [];
  return peers.length === 0 ? 'yes' : anyFits(peers.map((peer) => onePeer(peer, flow, namespace)));
}

function onePeer(
  { podSelector, namespaceSelector, ipBlock }: PolicyPeer,
  { other }: PolicyFlow,
  namespace: string,
): Fit {
  if (ipBlock !== undefined) {
    const holds = (cidr: string | undefined): boolean | undefined => {
      const prefix = parsePrefix(cidr ?? '');
      return prefix === undefined ? undefined : prefixContains(prefix, other.address);
    };
    const isExcepted = (ipBlock.except ?? []).some((cidr) => holds(cidr) === true);
    return isExcepted ? 'no' : fitOf(holds(ipBlock.cidr));
  }
  const { pod } = other;
  if (pod === undefined) return 'no';
  const inNamespace: Fit =
    namespaceSelector === undefined
      ? fitOf(pod.namespace === namespace)
      : namespaceFit(namespaceSelector, pod);
  return allFit([inNamespace, fitOf(fitsLabels(podSelector ?? {}, pod.labels))]);
}

/** The API server labels every namespace with its name (since Kubernetes 1.21); other labels have to be read. */
function namespaceFit(selector: LabelSelector, { namespace, namespaceLabels }: PolicyPod): Fit {
  const name = 'kubernetes.io/metadata.name';
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(({ key }) => key),
  ];
  if (namespaceLabels === undefined && keys.some((key) => key !== name)) return 'unknown';
  return fitOf(fitsLabels(selector, { ...namespaceLabels, [name]: namespace }));
}

function portFit({ ports }: PolicyRule, { protocol, port, portOwner }: PolicyFlow): Fit {
  if (ports === undefined || ports === null || ports.length === 0) return 'yes';
  return anyFits(
    ports.map((one): Fit => {
      if ((one.protocol ?? 'TCP').toLowerCase() !== protocol) return 'no';
      if (one.port === undefined) return 'yes';
      const number = typeof one.port === 'number' ? one.port : portOwner?.ports.get(one.port);
      if (number === undefined || port === undefined) return portOwner === undefined ? 'unknown' : 'no';
      return fitOf(port >= number && port <= (one.endPort ?? number));
    }),
  );
}
