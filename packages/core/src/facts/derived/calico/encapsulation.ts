import { ipRouteProbe } from '../../../probes/network.ts';
import { type Fact, type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { versionOf } from '../components/versions.ts';
import { type IpPool, ipPools } from './ip-pools.ts';
import { nodeAddresses, peerBeside, peerElsewhere } from './node-addresses.ts';

/** How packets of this node reach pods on other nodes. `none`: by routes alone. */
export type Encapsulation = 'vxlan' | 'ipip' | 'none';

const DEVICES: Readonly<Record<string, Encapsulation>> = { 'vxlan.calico': 'vxlan', tunl0: 'ipip' };

/**
 * The ways in which this node's IPv4 traffic travels to pods elsewhere: from its routes and the modes of the pools.
 * With CrossSubnet it depends on where the other nodes are.
 */
export const encapsulation: FactDefinition<readonly Encapsulation[]> = {
  id: 'calico.encapsulation',
  title: 'encapsulation used by Calico',
  level: 'node',
  key: (ways) => ways.join(' '),
  format: (ways) => ways.join(', '),
  fromText: (text) => (text === 'vxlan' || text === 'ipip' || text === 'none' ? [text] : undefined),
  compute(read) {
    const routed = fromRoutes(read);
    const pools = read.fact(ipPools);
    const planned = pools.state === 'unknown' ? pools : fromPools(read, pools.value);
    if (planned.state === 'unknown') return routed.ways.size > 0 ? found(routed) : planned;
    const ways = new Set([...routed.ways, ...planned.value]);
    if (ways.has('vxlan') && predatesVxlan(read)) ways.delete('vxlan');
    return known(ordered(ways), ...planned.origins, ...routed.origins);
  },
};

/** Calico has VXLAN since 3.7; a mode that an older release was given means nothing to it. */
function predatesVxlan(read: Reader): boolean {
  const definition = versionOf('calico-node');
  const release = definition === undefined ? undefined : read.fact(definition);
  if (release?.state !== 'known') return false;
  const { major, minor } = release.value.version;
  return major < 3 || (major === 3 && minor < 7);
}

interface Routed {
  readonly ways: ReadonlySet<Encapsulation>;
  readonly origins: readonly Origin[];
}

/** Routes prove that a tunnel is used; that there are none yet proves nothing, as peers come and go. */
function fromRoutes(read: Reader): Routed {
  const probe = read.probe(ipRouteProbe);
  const ways = new Set<Encapsulation>();
  const origins: Origin[] = [];
  for (const route of probe.state === 'read' ? probe.value : []) {
    if (route.gateway === undefined) continue;
    const way = DEVICES[route.device ?? ''];
    if (way === undefined || ways.has(way)) continue;
    ways.add(way);
    if (probe.state === 'read') origins.push(at(probe.file, route));
  }
  return { ways, origins };
}

function found({ ways, origins }: Routed): Fact<readonly Encapsulation[]> {
  return known(ordered(ways), ...origins);
}

function fromPools(read: Reader, pools: readonly IpPool[]): Fact<readonly Encapsulation[]> {
  const ways = new Set<Encapsulation>();
  const origins: Origin[] = [];
  for (const { vxlan, ipip, origin } of pools) {
    origins.push(origin);
    if (vxlan === 'always') ways.add('vxlan');
    if (ipip === 'always') ways.add('ipip');
    if (vxlan === 'never' && ipip === 'never') ways.add('none');
    const crossing = vxlan === 'cross-subnet' ? 'vxlan' : ipip === 'cross-subnet' ? 'ipip' : undefined;
    if (crossing === undefined) continue;
    const peers = crossSubnetWays(read, crossing);
    if (peers.state === 'unknown') return peers;
    for (const way of peers.value) ways.add(way);
    origins.push(...(peers.origins as readonly Origin[]));
  }
  return known(ordered(ways), ...(origins.length > 0 ? origins : [from(ipPools)]));
}

function crossSubnetWays(read: Reader, tunnel: Encapsulation): Fact<readonly Encapsulation[]> {
  const fact = read.fact(nodeAddresses);
  const own = fact.state === 'known' ? fact.value.byNode.get(read.nodeName() ?? '') : undefined;
  const missing = unknown({
    fact: 'addresses of all nodes with their subnets (annotation projectcalico.org/IPv4Address)',
    command: 'kubectl get nodes -o json',
  });
  if (fact.state === 'unknown' || own === undefined) return missing;
  const outside = peerElsewhere(own, fact.value);
  const beside = peerBeside(own, fact.value);
  if (outside === undefined && !fact.value.complete) return missing;
  const ways: Encapsulation[] = [
    ...(outside === undefined ? [] : [tunnel]),
    ...(beside === undefined && outside !== undefined ? [] : (['none'] as const)),
  ];
  const peers = [own, outside, beside].filter((one) => one !== undefined);
  return known(ways, ...peers.map(({ origin }) => origin));
}

function ordered(ways: Iterable<Encapsulation>): readonly Encapsulation[] {
  return [...ways].sort();
}
