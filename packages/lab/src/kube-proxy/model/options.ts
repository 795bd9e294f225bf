import { isIPv6 } from 'node:net';

/** What rules depend on beside the Services: the node and the configuration of kube-proxy. */
export interface ProxyOptions {
  readonly family: 4 | 6;
  readonly nodeName: string;
  /** Addresses of the node, of both families; the first of a family is the one its Node object has. */
  readonly nodeAddresses: readonly string[];
  /** Where NodePorts answer (`--nodeport-addresses`); undefined is every address of the node. */
  readonly nodePortAddresses?: readonly string[];
  /** How traffic of the node's own pods is told from that of others; undefined is no detector. */
  readonly detectLocal?: LocalDetector;
  readonly masqueradeAll?: boolean;
  /** The bit of the mark for masquerading; 14 where left out. */
  readonly masqueradeBit?: number;
  /** Ranges that cluster IPs come from; only the rules for nftables use them. */
  readonly serviceCIDRs?: readonly string[];
}

/** `--detect-local-mode` with its argument. */
export type LocalDetector =
  | { readonly clusterCIDR: string }
  | { readonly bridge: string }
  | { readonly interfacePrefix: string };

/** The addresses or prefixes of a list that are of the family. */
export function ofFamily(addresses: readonly string[], family: 4 | 6): readonly string[] {
  return addresses.filter((address) => isIPv6(address.split('/')[0] ?? '') === (family === 6));
}

/** The mark for masquerading, as kube-proxy prints it: `0x00004000`. */
export function masqueradeMark({ masqueradeBit = 14 }: ProxyOptions): string {
  return `0x${(2 ** masqueradeBit).toString(16).padStart(8, '0')}`;
}
