import { LabError } from '../errors.ts';

/** How packets get from node to node. */
export const MODES = ['vxlan', 'cross-subnet', 'ipip', 'routed', 'bridge'] as const;
export type Mode = (typeof MODES)[number];

/** What programs Services; `none` builds a cluster without them. */
export const PROXIES = ['iptables-legacy', 'iptables-nft', 'nftables', 'ipvs', 'none'] as const;
export type ServiceProxy = (typeof PROXIES)[number];

/** What a lab is built from. The same options give the same lab. */
export interface LabOptions {
  readonly name: string;
  readonly mode: Mode;
  readonly proxy: ServiceProxy;
  readonly nodes: 2 | 3;
  /** Ordinary pods on each node: one client, the others serve the Service `web`. */
  readonly pods: number;
  readonly ipv6: boolean;
}

const DEFAULTS: LabOptions = {
  name: 'lab',
  mode: 'vxlan',
  proxy: 'iptables-nft',
  nodes: 2,
  pods: 2,
  ipv6: false,
};
const MOST_PODS = 20;

/** Fills in what was not given. Throws a `LabError` for what no lab can be built from. */
export function completeOptions(given: Partial<LabOptions>): LabOptions {
  const nodes = given.nodes ?? (given.mode === 'cross-subnet' ? 3 : DEFAULTS.nodes);
  const options: LabOptions = { ...DEFAULTS, ...given, nodes };
  // The name is part of names of namespaces, where a dash separates it from that of the node or pod.
  if (!/^[a-z0-9]{1,12}$/.test(options.name)) {
    throw new LabError('bad-option', `name: expected 1 to 12 letters a-z and digits, not "${options.name}"`);
  }
  if (!MODES.includes(options.mode)) {
    throw new LabError('bad-option', `mode: expected ${MODES.join(', ')}, not "${options.mode}"`);
  }
  if (!PROXIES.includes(options.proxy)) {
    throw new LabError('bad-option', `proxy: expected ${PROXIES.join(', ')}, not "${options.proxy}"`);
  }
  if (nodes !== 2 && nodes !== 3) throw new LabError('bad-option', 'nodes: expected 2 or 3');
  if (!Number.isInteger(options.pods) || options.pods < 2 || options.pods > MOST_PODS) {
    throw new LabError('bad-option', `pods: expected a whole number from 2 to ${MOST_PODS}`);
  }
  if (options.mode === 'cross-subnet' && nodes !== 3) {
    throw new LabError('bad-option', 'mode cross-subnet needs 3 nodes: two in one subnet, one in another');
  }
  if (options.ipv6 && options.mode !== 'routed' && options.mode !== 'bridge') {
    throw new LabError('bad-option', `ipv6: only the modes routed and bridge have it, not ${options.mode}`);
  }
  return options;
}
