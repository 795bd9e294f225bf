/** A Service with its endpoints, as far as kube-proxy looks at it. */
export interface ServiceSpec {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** One of each family it has; a Service with `None`, or without one of the family asked for, gets no rules. */
  readonly clusterIPs: readonly string[];
  readonly ports: readonly ServicePortSpec[];
  readonly externalIPs?: readonly string[];
  /** Addresses of `status.loadBalancer` that the nodes answer for themselves (`ipMode: VIP`). */
  readonly loadBalancerIPs?: readonly string[];
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly healthCheckNodePort?: number;
  /** How long a client keeps its endpoint, in seconds; undefined is affinity `None`. */
  readonly sessionAffinitySeconds?: number;
  readonly internalTrafficPolicy?: TrafficPolicy;
  readonly externalTrafficPolicy?: TrafficPolicy;
  readonly endpoints: readonly EndpointSpec[];
}

/** Which endpoints traffic may go to: those of all nodes, or those of the node it came to. */
export type TrafficPolicy = 'Cluster' | 'Local';

/** A port of a Service. */
export interface ServicePortSpec {
  /** May be left out where there is only one. */
  readonly name?: string;
  /** `TCP` where left out. */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** The port of the pods; `port` where left out. */
  readonly targetPort?: number;
  readonly nodePort?: number;
}

/** One address of an EndpointSlice. */
export interface EndpointSpec {
  readonly address: string;
  /** Instead of `targetPort`, where pods name their port and mean different numbers. */
  readonly port?: number;
  readonly nodeName?: string;
  /** `true` where left out. */
  readonly ready?: boolean;
  /** As `ready` where left out. */
  readonly serving?: boolean;
  readonly terminating?: boolean;
}
