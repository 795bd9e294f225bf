import type { ServicePort } from '../model/service-port.ts';
import { hashOf } from '../names/hash.ts';

/** Names of the chains of one port of a Service. */
export interface PortChains {
  /** `KUBE-SVC-…`: all endpoints. */
  readonly cluster: string;
  /** `KUBE-SVL-…`: endpoints of this node. */
  readonly local: string;
  /** `KUBE-EXT-…`: where traffic to external addresses and NodePorts starts. */
  readonly external: string;
  /** `KUBE-FW-…`: before it, where only some sources may use the load balancer. */
  readonly firewall: string;
}

/** Long enough to be unique, short enough for the 28 characters of a chain name. */
const HASH_LENGTH = 16;

/** Chains of a port (pkg/proxy/iptables/proxier.go, `portProtoHash`). */
export function portChains({ name, protocol }: Pick<ServicePort, 'name' | 'protocol'>): PortChains {
  const hash = hashOf(`${name}${protocol}`, HASH_LENGTH);
  return {
    cluster: `KUBE-SVC-${hash}`,
    local: `KUBE-SVL-${hash}`,
    external: `KUBE-EXT-${hash}`,
    firewall: `KUBE-FW-${hash}`,
  };
}

/** `KUBE-SEP-…` of an endpoint, given as `address:port` (`servicePortEndpointChainName`). */
export function endpointChain(
  { name, protocol }: Pick<ServicePort, 'name' | 'protocol'>,
  endpoint: string,
): string {
  return `KUBE-SEP-${hashOf(`${name}${protocol}${endpoint}`, HASH_LENGTH)}`;
}
