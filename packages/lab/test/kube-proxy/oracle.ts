import { BlockList } from 'node:net';
import type { EndpointSpec, ProxyOptions, ServiceSpec } from '../../src/kube-proxy/index.ts';
import { PLACES } from './node-files.ts';

export type Mode = 'iptables' | 'nftables' | 'ipvs';

/** A question about one Service: who asks, and by which of its addresses. */
export interface Asked {
  readonly service: ServiceSpec;
  readonly by: 'cluster' | 'external' | 'loadBalancer' | 'nodePort';
  readonly who: 'pod' | 'node' | 'outside';
  /** The address it asks from; the node's own where the node asks. */
  readonly source: string;
}

/** One way a packet may go: where to, how likely, and whether it gets the node's address. */
export interface Outcome {
  readonly end: string;
  readonly probability: number;
  readonly snat: boolean;
}

/** What a packet has to meet, as the Service itself says, in the order of ends. */
export function expectedOutcomes(asked: Asked, options: ProxyOptions, mode: Mode): Outcome[] {
  const { family } = options;
  const { service, by, who, source } = asked;
  const all = usable(service.endpoints);
  const local = usable(service.endpoints.filter(({ nodeName }) => nodeName === 'n1'));
  const isBarred = by === 'loadBalancer' && !isInRanges(service, source, family);
  // With iptables the source ranges are only looked at on the way to an endpoint, and with IPVS on the way out of the node.
  const needsEndpoint = mode === 'iptables' || (mode === 'ipvs' && who === 'node');
  if (isBarred && (all.length > 0 || !needsEndpoint)) return stopped('dropped');
  if (all.length === 0) {
    // KUBE-EXTERNAL-SERVICES is not looked at on the way out of the node, so the packet goes where it is addressed to.
    if (mode === 'iptables' && who === 'node' && (by === 'external' || by === 'loadBalancer'))
      return stopped(joined(addressOf(service, by), 80, family));
    return stopped('rejected');
  }
  const isLocal =
    (by === 'cluster' ? service.internalTrafficPolicy : service.externalTrafficPolicy) === 'Local';
  if (isLocal && mode === 'ipvs' && local.length === 0 && isInternalOnly(service)) return stopped('rejected');
  const chosen = isLocal && !ignoresPolicy(asked, local.length, options, mode) ? local : all;
  if (chosen.length === 0) return stopped('dropped');
  const isMasqueraded =
    by === 'cluster'
      ? isClusterIPMasqueraded(who, options, mode)
      : !isLocal || (mode !== 'ipvs' && who === 'node');
  return chosen
    .map(({ address }) => ({
      end: joined(address, 8080, family),
      probability: Number((1 / chosen.length).toFixed(6)),
      snat: isMasqueraded || address === source,
    }))
    .sort((left, right) => (left.end < right.end ? -1 : 1));
}

/** Without a way in from outside, IPVS mode knows the endpoints of this node alone where the policy is `Local`. */
function isInternalOnly({ type, externalIPs }: ServiceSpec): boolean {
  return type === 'ClusterIP' && !externalIPs?.length;
}

/** Whether all endpoints are taken in spite of the policy `Local`. */
function ignoresPolicy(
  { by, who }: Asked,
  localEndpoints: number,
  { detectLocal }: ProxyOptions,
  mode: Mode,
): boolean {
  // IPVS knows one list of servers for all who ask, and takes all endpoints where there is none on the node.
  if (mode === 'ipvs') return localEndpoints === 0;
  return by !== 'cluster' && (who === 'node' || (who === 'pod' && detectLocal !== undefined));
}

function isClusterIPMasqueraded(
  who: Asked['who'],
  { masqueradeAll = false, detectLocal }: ProxyOptions,
  mode: Mode,
): boolean {
  if (masqueradeAll) return true;
  if (detectLocal !== undefined) return who !== 'pod';
  // In IPVS mode the node sends from the cluster IP itself, which no endpoint could answer to.
  return mode === 'ipvs' && who === 'node';
}

function usable(endpoints: readonly EndpointSpec[]): readonly EndpointSpec[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : endpoints.filter((endpoint) => endpoint.serving);
}

function isInRanges(service: ServiceSpec, source: string, family: 4 | 6): boolean {
  const ranges = service.loadBalancerSourceRanges ?? [];
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  for (const range of ranges) {
    const [network = '', length = ''] = range.split('/');
    list.addSubnet(network, Number(length), kind);
  }
  return ranges.length === 0 || list.check(source, kind);
}

/** The address of a Service that is asked for; of a NodePort the node's. */
export function addressOf(service: ServiceSpec, by: Asked['by']): string {
  if (by === 'nodePort') return PLACES[service.clusterIPs[0]?.includes(':') ? 6 : 4].node;
  const { clusterIPs, externalIPs, loadBalancerIPs } = service;
  return { cluster: clusterIPs, external: externalIPs, loadBalancer: loadBalancerIPs }[by]?.[0] ?? '';
}

/** Address and port as one text. */
export function joined(address: string, port: number | undefined, family: 4 | 6): string {
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

function stopped(end: string): Outcome[] {
  return [{ end, probability: 1, snat: false }];
}

/** Every question that can be asked about some Services. */
export function questionsAbout(services: readonly ServiceSpec[], family: 4 | 6): readonly Asked[] {
  const { node, pod, outside } = PLACES[family];
  const askers = [
    { who: 'pod', source: pod },
    { who: 'node', source: node },
    { who: 'outside', source: outside[0] },
    { who: 'outside', source: outside[1] },
  ] as const;
  return services.flatMap((service) => {
    const ways: Asked['by'][] = ['cluster'];
    if (service.externalIPs?.length) ways.push('external');
    if (service.loadBalancerIPs?.length) ways.push('loadBalancer');
    if (service.ports[0]?.nodePort !== undefined) ways.push('nodePort');
    return ways.flatMap((by) => askers.map((asker): Asked => ({ service, by, ...asker })));
  });
}
