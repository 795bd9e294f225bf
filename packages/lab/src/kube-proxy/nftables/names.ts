import type { Endpoint } from '../model/endpoints.ts';
import type { ServicePort } from '../model/service-port.ts';
import { hashOf } from '../names/hash.ts';

type Named = Pick<ServicePort, 'namespace' | 'service' | 'protocol' | 'portName'>;

/** Names of the chains of one port of a Service. */
export interface PortChains {
  /** `service-…`: all endpoints. */
  readonly cluster: string;
  /** `local-…`: endpoints of this node. */
  readonly local: string;
  /** `external-…`: where traffic to external addresses and NodePorts starts. */
  readonly external: string;
  /** `firewall-…`: drops what may not use the load balancer. */
  readonly firewall: string;
}

/** The kernel takes 255 characters, of which kube-proxy keeps 16 for what stands before the hash. */
const MAX_LENGTH = 255 - 16;

/** Chains of a port (pkg/proxy/nftables/proxier.go, `servicePortChainNameBase`). */
export function portChains(port: Named): PortChains {
  const base = withHash(pathOf(port));
  return {
    cluster: `service-${base}`,
    local: `local-${base}`,
    external: `external-${base}`,
    firewall: `firewall-${base}`,
  };
}

/** Chain and set of clients of an endpoint (`servicePortEndpointChainNameBase`). */
export function endpointNames(
  port: Named,
  { address, port: number }: Pick<Endpoint, 'address' | 'port'>,
): { readonly chain: string; readonly affinity: string } {
  const base = withHash(`${pathOf(port)}__${address.replaceAll(':', '.')}/${number}`);
  return { chain: `endpoint-${base}`, affinity: `affinity-${base}` };
}

function pathOf({ namespace, service, protocol, portName }: Named): string {
  return `${namespace}/${service}/${protocol}/${portName}`;
}

function withHash(path: string): string {
  const name = `${hashOf(path, 8)}-${path}`;
  return name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH - 3)}...` : name;
}
