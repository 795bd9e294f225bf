import type { Route } from '../../../../parsers/ip-route/index.ts';
import type { RemoteBlock } from './remote-blocks.ts';

/** What a node knows when it judges its route to a block. */
export interface Sender {
  /** Whether the owner of the block is in the node's own subnet, by the mask of the node. */
  readonly isBeside: (block: RemoteBlock) => boolean;
  /** True where all nodes speak BGP with each other, undefined where that is not known. */
  readonly mesh: boolean | undefined;
}

const TUNNELS: Readonly<Record<string, string>> = { vxlan: 'vxlan.calico', ipip: 'tunl0' };

/**
 * What is wrong with the best route to a block; undefined where it leads to the owner, or to a router that may know it.
 * Routes of VXLAN pools are Felix's and fixed; those of BGP may come from routers unless the nodes form a mesh.
 */
export function routeFault(block: RemoteBlock, route: Route | undefined, sender: Sender): string | undefined {
  if (route === undefined) return 'has no route';
  if (route.type !== 'unicast') return `is dropped by a ${route.type} route`;
  if (route.nextHops.length > 0) return undefined;
  const { pool } = block;
  const isBeside = sender.isBeside(block);
  if (pool.vxlan !== 'never') return vxlanFault(block, route, isBeside);
  if (route.isDefault) return 'has no route but the default one';
  if (pool.ipip === 'always' && route.device !== TUNNELS.ipip) return described(route, 'not by tunl0');
  if (sender.mesh === true && isDirect(block, isBeside) && route.gateway !== block.address) {
    return described(route, `not to ${block.address}`);
  }
  return undefined;
}

/** Whether only the owner itself can be the next hop: through the tunnel, or beside it on the same network. */
function isDirect({ pool }: RemoteBlock, isBeside: boolean): boolean {
  return isBeside || pool.ipip === 'always';
}

function vxlanFault(block: RemoteBlock, route: Route, isBeside: boolean): string | undefined {
  const { device, gateway, isDefault } = route;
  if (isDefault) return 'has no route but the default one';
  if (device === TUNNELS.vxlan) {
    return gateway === block.tunnelAddress ? undefined : described(route, `not to ${block.tunnelAddress}`);
  }
  const isPlain = block.pool.vxlan === 'cross-subnet' && isBeside;
  if (isPlain) return gateway === block.address ? undefined : described(route, `not to ${block.address}`);
  return described(route, 'not by vxlan.calico');
}

function described({ destination, gateway, device }: Route, wanted: string): string {
  const via = gateway === undefined ? '' : ` via ${gateway}`;
  return `goes by ${destination}${via} dev ${device ?? 'none'}, ${wanted}`;
}
