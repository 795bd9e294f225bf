import { type FactDefinition, from, known, type Origin, unknown } from '../../../fact.ts';
import { missingObjects } from '../../../reader.ts';
import { BLOCKS, ownedBlocks } from '../blocks.ts';
import { type IpPool, ipPools } from '../ip-pools.ts';
import { isInNetwork, networkOf } from '../ipv4.ts';
import { annotationsOf, isReady } from '../local-pods.ts';
import { nodeAddresses } from '../node-addresses.ts';

/** A block of addresses, and what the other nodes need to know to reach it. */
export interface RemoteBlock {
  readonly cidr: string;
  readonly node: string;
  /** The owner's address, and its end of the VXLAN tunnel. */
  readonly address: string;
  readonly tunnelAddress: string | undefined;
  readonly pool: IpPool;
  readonly isOwnerReady: boolean;
  readonly origin: Origin;
}

/**
 * Blocks of nodes in pools that pods use. Left out: blocks that two nodes own, of nodes that are gone, run
 * Windows or do not run calico-node, and blocks of a tunnel's own address alone.
 */
export const remoteBlocks: FactDefinition<readonly RemoteBlock[]> = {
  id: 'calico.remote-blocks',
  title: 'blocks of addresses and their nodes',
  level: 'cluster',
  format: (blocks) => blocks.map(({ cidr, node }) => `${cidr} of ${node}`).join(', ') || 'none',
  compute(read) {
    const nodes = read.objects('nodes');
    if (nodes?.complete !== true) return unknown(missingObjects('nodes'));
    const pools = read.fact(ipPools);
    if (pools.state === 'unknown') return pools;
    const { blocks, complete } = ownedBlocks(read);
    if (!complete) return unknown(missingObjects(BLOCKS));
    const addresses = read.fact(nodeAddresses);
    if (addresses.state === 'unknown') return addresses;
    const objects = new Map(nodes.items.map((stored) => [stored.object.metadata.name, stored]));
    const networks = pools.value.flatMap((pool) => {
      const network = networkOf(pool.cidr);
      return network === undefined ? [] : [{ pool, network }];
    });
    const found: RemoteBlock[] = [];
    for (const [cidr, owners] of Map.groupBy(blocks, (block) => block.cidr)) {
      const [owner] = owners;
      const shared = owners.some(({ node }) => node !== owner?.node);
      const object = owner === undefined ? undefined : objects.get(owner.node);
      const own = owner === undefined ? undefined : addresses.value.byNode.get(owner.node);
      const first = cidr.split('/')[0] ?? '';
      const pool = networks.find(({ network }) => isInNetwork(first, network))?.pool;
      if (owner === undefined || object === undefined || own === undefined || pool === undefined) continue;
      if (shared || !owners.some(({ isConfirmed }) => isConfirmed) || isWindows(object)) continue;
      const { [VXLAN_ADDRESS]: vxlan, [IPIP_ADDRESS]: ipip } = annotationsOf(object);
      if (cidr.endsWith('/32') && (first === vxlan || first === ipip)) continue;
      found.push({
        cidr,
        node: owner.node,
        address: own.address,
        tunnelAddress: typeof vxlan === 'string' && vxlan !== '' ? vxlan : undefined,
        pool,
        isOwnerReady: isReady(object),
        origin: owner.origin,
      });
    }
    const origins = found.slice(0, 3).map(({ origin }) => origin);
    return known(found, ...origins, from(ipPools), from(nodeAddresses));
  },
};

export const VXLAN_ADDRESS = 'projectcalico.org/IPv4VXLANTunnelAddr';
export const IPIP_ADDRESS = 'projectcalico.org/IPv4IPIPTunnelAddr';

function isWindows({ object }: { readonly object: { readonly metadata: object } }): boolean {
  const { labels } = object.metadata as { labels?: Readonly<Record<string, unknown>> };
  return labels?.['kubernetes.io/os'] === 'windows';
}
