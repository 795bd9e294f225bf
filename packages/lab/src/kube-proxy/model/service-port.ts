import { BlockList, isIPv6 } from 'node:net';
import { type UsableEndpoints, usableEndpoints } from './endpoints.ts';
import { ofFamily, type ProxyOptions } from './options.ts';
import type { ServicePortSpec, ServiceSpec } from './service.ts';

/** What happens to new connections: they get an endpoint, vanish, or are refused. */
export type Handling = 'serve' | 'drop' | 'reject';

/** One port of a Service, of one family, with all that follows from policies and endpoints worked out. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** Empty where the port has no name. */
  readonly portName: string;
  /** `namespace/service:port`, without the colon where the port has no name. */
  readonly name: string;
  readonly protocol: string;
  readonly clusterIP: string;
  readonly port: number;
  readonly nodePort: number | undefined;
  readonly healthCheckNodePort: number | undefined;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  /** The node itself is in one of the source ranges. */
  readonly isNodeInRanges: boolean;
  readonly affinitySeconds: number | undefined;
  readonly isInternalLocal: boolean;
  readonly isExternalLocal: boolean;
  readonly isExternal: boolean;
  readonly endpoints: UsableEndpoints;
  /** Traffic to the cluster IP. */
  readonly internal: Handling;
  /** Traffic to all other addresses, apart from what the node and its own pods send. */
  readonly external: Handling;
}

/** Every port that gets rules, in the order of names, as kube-proxy keeps them (pkg/proxy/serviceport.go, servicechangetracker.go). */
export function servicePorts(
  services: readonly ServiceSpec[],
  options: ProxyOptions,
): readonly ServicePort[] {
  return services
    .flatMap((service) => service.ports.map((port) => resolve(service, port, options)))
    .filter((port) => port !== undefined)
    .sort((left, right) => (`${left.name} ${left.protocol}` < `${right.name} ${right.protocol}` ? -1 : 1));
}

function resolve(
  service: ServiceSpec,
  spec: ServicePortSpec,
  options: ProxyOptions,
): ServicePort | undefined {
  const { family } = options;
  const clusterIP = ofFamily(
    service.clusterIPs.filter((address) => address !== 'None'),
    family,
  )[0];
  if (clusterIP === undefined) return undefined;
  const isExposed = service.type !== 'ClusterIP';
  const externalIPs = ofFamily(service.externalIPs ?? [], family);
  const loadBalancerIPs =
    service.type === 'LoadBalancer' ? ofFamily(service.loadBalancerIPs ?? [], family) : [];
  const nodePort = isExposed ? spec.nodePort : undefined;
  const isExternal = nodePort !== undefined || externalIPs.length > 0 || loadBalancerIPs.length > 0;
  const isInternalLocal = service.internalTrafficPolicy === 'Local';
  const isExternalLocal = service.externalTrafficPolicy === 'Local' && (isExposed || externalIPs.length > 0);
  const endpoints = usableEndpoints(
    service.endpoints.filter(({ address }) => isIPv6(address) === (family === 6)),
    spec.targetPort ?? spec.port,
    options.nodeName,
    { cluster: !isInternalLocal || isExternal, local: isInternalLocal || (isExternalLocal && isExternal) },
  );
  const handling = (isLocal: boolean): Handling => {
    if (!endpoints.hasAny) return 'reject';
    return isLocal && endpoints.local.length === 0 ? 'drop' : 'serve';
  };
  const sourceRanges = ofFamily(service.loadBalancerSourceRanges ?? [], family);
  const { namespace, name } = service;
  return {
    namespace,
    service: name,
    portName: spec.name ?? '',
    name: `${namespace}/${name}${spec.name === undefined ? '' : `:${spec.name}`}`,
    protocol: (spec.protocol ?? 'TCP').toLowerCase(),
    clusterIP,
    port: spec.port,
    nodePort,
    healthCheckNodePort:
      isExternalLocal && service.type === 'LoadBalancer' ? service.healthCheckNodePort : undefined,
    externalIPs,
    loadBalancerIPs,
    sourceRanges,
    isNodeInRanges: isInRanges(ofFamily(options.nodeAddresses, family)[0], sourceRanges),
    affinitySeconds: service.sessionAffinitySeconds,
    isInternalLocal,
    isExternalLocal,
    isExternal,
    endpoints,
    internal: handling(isInternalLocal),
    external: handling(isExternalLocal),
  };
}

function isInRanges(address: string | undefined, ranges: readonly string[]): boolean {
  if (address === undefined) return false;
  const list = new BlockList();
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  for (const range of ranges) {
    const [network = '', length = ''] = range.split('/');
    list.addSubnet(network, Number(length), family);
  }
  return list.check(address, family);
}
