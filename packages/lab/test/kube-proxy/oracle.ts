import { BlockList } from 'node:net';
import type { EndpointSpec, ServiceSpec } from '../../src/kube-proxy/index.ts';
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
export function expectedOutcomes({ service, by, who, source }: Asked, family: 4 | 6, mode: Mode): Outcome[] {
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
  // Where a Service has no way in from outside, IPVS mode knows the endpoints of this node alone.
  const isInternalOnly = service.type === 'ClusterIP' && !service.externalIPs?.length;
  const isLocal =
    (by === 'cluster' ? service.internalTrafficPolicy : service.externalTrafficPolicy) === 'Local';
  // IPVS knows one list of servers for all who ask, and takes all endpoints where there is none on the node.
  const ignoresPolicy = mode === 'ipvs' ? local.length === 0 : by !== 'cluster' && who !== 'outside';
  const chosen = isLocal && !ignoresPolicy ? local : all;
  if (mode === 'ipvs' && isLocal && isInternalOnly && local.length === 0) return stopped('rejected');
  if (chosen.length === 0) return stopped('dropped');
  const isMasqueraded = by === 'cluster' || (isLocal && mode !== 'ipvs') ? isForeign() : !isLocal;
  function isForeign(): boolean {
    return by === 'cluster' ? who !== 'pod' : who === 'node';
  }
  return chosen
    .map(({ address }) => ({
      end: joined(address, 8080, family),
      probability: Number((1 / chosen.length).toFixed(6)),
      snat: isMasqueraded || address === source,
    }))
    .sort((left, right) => (left.end < right.end ? -1 : 1));
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
