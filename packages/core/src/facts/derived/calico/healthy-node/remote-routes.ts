import type { Route } from '../../../../parsers/ip-route/index.ts';
import { ipLinkProbe, ipRouteProbe } from '../../../../probes/network.ts';
import {
  type Fact,
  type FactDefinition,
  from,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../../fact.ts';
import { at, type Reader } from '../../../reader.ts';
import { isInNetwork, networkOf } from '../ipv4.ts';
import { annotationsOf } from '../local-pods.ts';
import { type NodeAddress, nodeAddresses } from '../node-addresses.ts';
import { bgpMesh } from './bgp-mesh.ts';
import { type RemoteBlock, remoteBlocks } from './remote-blocks.ts';
import { routeFault } from './route-form.ts';

/** Devices of data planes that do not send by the main table. */
const OTHER_DATA_PLANE = /^(?:bpfin\.cali|bpfout\.cali|bpfnatin|wireguard\.cali)$/;

/** Blocks of other nodes that this node has no route to, or one that leads somewhere else. */
export const remoteRouteFaults: FactDefinition<readonly string[]> = {
  id: 'calico.remote-route-faults',
  title: "routes to other nodes' pods that are wrong",
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const blocks = read.fact(remoteBlocks);
    if (blocks.state === 'unknown') return blocks;
    const addresses = read.fact(nodeAddresses);
    const own = addresses.state === 'known' ? addresses.value.byNode.get(read.nodeName() ?? '') : undefined;
    if (own === undefined) return unknown(NODE_ADDRESS);
    const routes = read.probe(ipRouteProbe);
    if (routes.state === 'missing') return unknown(routes.missing);
    const links = read.probe(ipLinkProbe);
    if (links.state === 'missing') return unknown(links.missing);
    const other = links.value.find(({ name }) => OTHER_DATA_PLANE.test(name));
    if (!routes.complete || !links.complete || other !== undefined) return unknown(ROUTES);
    return judge(read, blocks.value, own, { file: routes.file, routes: routes.value });
  },
};

const NODE_ADDRESS = {
  fact: 'annotation projectcalico.org/IPv4Address of the node',
  command: 'kubectl get nodes -o json',
};
const ROUTES = {
  fact: 'routes that packets to pods of other nodes take',
  command: 'ip rule; ip route show table all',
  where: 'node',
};

interface Table {
  readonly file: string;
  readonly routes: readonly Route[];
}

interface Found {
  readonly text: string;
  readonly isCertain: boolean;
  readonly origins: readonly Origin[];
}

function judge(
  read: Reader,
  blocks: readonly RemoteBlock[],
  own: NodeAddress,
  table: Table,
): Fact<readonly string[]> {
  const best = bestRoutes(table.routes);
  const mesh = read.fact(bgpMesh);
  const hasIpv6 = annotationsOf(read.nodeObject())['projectcalico.org/IPv6Address'] !== undefined;
  const sender = {
    // Felix takes a neighbour by IPv6 for one by IPv4 as well: nodeInOurSubnet() in felix/calc/l3_route_resolver.go.
    isBeside: ({ address }: RemoteBlock) => hasIpv6 || isInNetwork(address, own.network),
    mesh: mesh.state === 'known' ? mesh.value : undefined,
  };
  const found: Found[] = [];
  let isUndecided = false;
  let knowsBlocks: boolean | undefined;
  for (const block of blocks) {
    if (block.node === own.node || !isJudged(block)) continue;
    const route = best.for(block);
    const what = routeFault(block, route, sender);
    if (what === undefined) continue;
    // Without a mesh a router may take the packets by the default route, unless it tells the other blocks.
    const isRouters = mayBeRouted(block) && sender.mesh !== true && (route === undefined || route.isDefault);
    if (isRouters) knowsBlocks ??= best.hasBlocks(blocks, own.node);
    if (isRouters && knowsBlocks !== true) {
      isUndecided = true;
      continue;
    }
    const origins = [...(route === undefined ? [] : [at(table.file, route)]), block.origin];
    found.push({ text: `${block.cidr} of ${block.node} ${what}`, isCertain: !isRouters, origins });
  }
  const certain = found.filter(({ isCertain }) => isCertain);
  const shown = (certain.length > 0 ? certain : found).sort((a, b) => (a.text < b.text ? -1 : 1));
  const texts = shown.map(({ text }) => text);
  const origins = [...shown.slice(0, 3).flatMap((one) => one.origins), at(table.file, {})];
  if (found.length > 0 && certain.length === 0) {
    const doubt = 'it is not known whether all nodes speak BGP with each other';
    return knownUncertain(texts, doubt, ...origins, from(remoteBlocks));
  }
  if (found.length === 0 && isUndecided) {
    return unknown(...(mesh.state === 'unknown' ? mesh.missing : [BGP]));
  }
  return known(texts, ...origins, from(remoteBlocks));
}

const BGP = {
  fact: 'whether a router knows the blocks of the nodes',
  command: 'calicoctl node status',
  where: 'node',
};

/** Whether packets may leave the node as they are, by a router. */
function mayBeRouted({ pool }: RemoteBlock): boolean {
  return pool.vxlan === 'never' && pool.ipip !== 'always';
}

/** A node that is not ready is taken out of BGP; a VXLAN pool needs the tunnel's address to judge anything. */
function isJudged({ pool, isOwnerReady, tunnelAddress }: RemoteBlock): boolean {
  return pool.vxlan === 'never' ? isOwnerReady && pool.isExported : tunnelAddress !== undefined;
}

/** The routes of the main table, to be asked for blocks. */
function bestRoutes(routes: readonly Route[]) {
  const main = routes.filter(
    ({ table, family, flags }) => table === 'main' && family === 4 && !flags.includes('dead'),
  );
  const byDestination = new Map<string, Route>();
  for (const route of main) {
    const other = byDestination.get(route.destination);
    if (other === undefined || (route.metric ?? 0) < (other.metric ?? 0)) {
      byDestination.set(route.destination, route);
    }
  }
  const covering = [...byDestination.values()]
    .map((route) => ({ route, network: networkOf(route.destination) }))
    .flatMap(({ route, network }) => (network === undefined ? [] : [{ route, network }]))
    .sort((left, right) => right.network.length - left.network.length);
  return {
    for({ cidr }: RemoteBlock): Route | undefined {
      const exact = byDestination.get(cidr);
      if (exact !== undefined) return exact;
      const [first = '', length = '32'] = cidr.split('/');
      return covering.find(({ network }) => network.length < Number(length) && isInNetwork(first, network))
        ?.route;
    },
    /** Whether there is a route of its own to any block of another node. */
    hasBlocks(blocks: readonly RemoteBlock[], node: string): boolean {
      return blocks.some((block) => block.node !== node && byDestination.has(block.cidr));
    },
  };
}
