import type { Namespace } from '../../datapath/model/namespace.ts';
import { type Family, widthOf } from '../../net/address.ts';
import { formatPrefix, prefixOf } from '../../net/prefix.ts';
import type { Route } from '../../parsers/ip-route/index.ts';
import type { Ipset, IpsetEntry } from '../../parsers/ipset/index.ts';
import { ipsetSaveProbe } from '../../probes/firewall.ts';
import { ip6RouteProbe, ip6RuleProbe, ipRouteProbe, ipRuleProbe } from '../../probes/network.ts';
import type { Landmark, Landmarks } from './landmarks.ts';
import { MentionIndex } from './mention.ts';
import { networksOf } from './ranges.ts';
import type { Shared } from './shared.ts';

/** What the readers of mentions need to know. */
export interface MentionReader {
  readonly namespace: Namespace;
  readonly family: Family;
  readonly landmarks: Landmarks;
  readonly index: MentionIndex;
  /** The name of a device; of one that serves nobody but the address in `network`, what it is to that address. */
  deviceName(device: string | undefined, network: string): string;
}

/** Mentions of one family in routes, policy rules, addresses and neighbours. */
export function readRoutingMentions(reader: MentionReader): void {
  readRoutes(reader);
  readPolicyRules(reader);
  readAddresses(reader);
  readNeighbours(reader);
}

function readRoutes({ namespace, family, landmarks, index, deviceName }: MentionReader): void {
  const probe = family === 4 ? ipRouteProbe : ip6RouteProbe;
  for (const route of namespace.evidence.read(probe)?.value ?? []) {
    if (route.family !== family) continue;
    const { destination, nextHops } = route;
    const isSame = (way: { readonly device?: string }): boolean =>
      deviceName(way.device, destination) === (way.device ?? '');
    const isShared = isSame(route) && nextHops.every(isSame);
    if (isShared && index.addKnown(route)) continue;
    const names: Landmark[] = [];
    for (const { gateway } of [route, ...nextHops]) {
      if (gateway !== undefined) names.push(landmarks.address(gateway));
    }
    index.addNetwork(destination, routeShape(route, deviceName), names, isShared ? route : undefined);
  }
}

function routeShape(route: Route, deviceName: MentionReader['deviceName']): string {
  const { table, type, destination, metric, source, mtu, tos, from, flags, encap, nextHops } = route;
  const length = destination.slice(destination.indexOf('/'));
  const ways = nextHops.map(
    (way) => `${deviceName(way.device, destination)} ${way.weight ?? ''} ${way.flags.join()}`,
  );
  return `route ${table} ${type} ${length} ${deviceName(route.device, destination)} ${metric ?? ''} ${source ?? ''} ${mtu ?? ''} ${tos ?? ''} ${from ?? ''} ${flags.join()} ${encap ?? ''} ${ways.join(';')}`;
}

function readPolicyRules({ namespace, family, index }: MentionReader): void {
  const probe = family === 4 ? ipRuleProbe : ip6RuleProbe;
  for (const [position, { from, to }] of (namespace.evidence.read(probe)?.value ?? []).entries()) {
    if (from !== undefined) index.addNetwork(from, `policy rule ${position} from`);
    if (to !== undefined) index.addNetwork(to, `policy rule ${position} to`);
  }
}

/** What a node has itself counts by what it is there; everything else on its network counts alike. */
function readAddresses({ namespace, family, index }: MentionReader): void {
  for (const { name, addresses } of namespace.interfaces?.all.values() ?? []) {
    for (const { address, prefixLength, scope, isSecondary } of addresses) {
      if (address.family !== family || prefixLength === widthOf(family)) continue;
      const network = formatPrefix(prefixOf(address, prefixLength));
      index.addNetwork(network, `network of ${name} ${prefixLength} ${scope} ${isSecondary}`);
    }
  }
}

function readNeighbours({ namespace, family, landmarks, index, deviceName }: MentionReader): void {
  let learned: ReadonlySet<string> | undefined;
  for (const neighbour of namespace.neighbours(family)?.value ?? []) {
    const { address, device, mac, state, isProxy, isRouter } = neighbour;
    const shown = deviceName(device, address);
    const isSame = shown === (device ?? '');
    if (isSame && index.addKnown(neighbour)) continue;
    const shape = `neighbour ${shown} ${state} ${isProxy} ${isRouter}`;
    const shared = isSame ? neighbour : undefined;
    const landmark = mac === undefined ? undefined : landmarks.mac(mac);
    if (landmark === undefined) index.addNetwork(address, shape, [], shared);
    else if (landmark.node !== undefined) index.addNetwork(address, shape, [landmark], shared);
    else {
      // A bridge that has learned an address sends to the port it has learned it from.
      learned ??= new Set(namespace.fdb?.value.map((entry) => entry.mac.toLowerCase()));
      const isLearned = mac !== undefined && learned.has(mac.toLowerCase());
      index.addNetwork(address, isLearned ? `${shape} ${mac}` : shape, [landmark]);
    }
  }
}

/** Mentions of hardware addresses. */
export function readForwardingDatabase({
  namespace,
  landmarks,
  index,
}: Pick<MentionReader, 'namespace' | 'landmarks' | 'index'>): void {
  for (const entry of namespace.fdb?.value ?? []) {
    if (index.addKnown(entry)) continue;
    const { mac, device, destination, vlan, port, vni, via, nextHopId, master, flags, state } = entry;
    const shape = `fdb ${device ?? ''} ${vlan ?? ''} ${port ?? ''} ${vni ?? ''} ${via ?? ''} ${nextHopId ?? ''} ${master ?? ''} ${flags.join()} ${state ?? ''}`;
    index.addMac(mac, shape, destination === undefined ? [] : [landmarks.address(destination)], entry);
  }
}

/** Mentions in ipsets. What is an address alone is the same on all nodes that have the same sets, so it makes up a layer. */
export function readSets(
  { namespace, index, deviceName }: Pick<MentionReader, 'namespace' | 'index' | 'deviceName'>,
  { sets, mentions, networks }: Shared,
): void {
  const dump = namespace.evidence.read(ipsetSaveProbe)?.value;
  if (dump === undefined) return;
  let known = sets.get(dump);
  if (known === undefined) {
    known = readDump(dump, new MentionIndex(mentions, networks));
    sets.set(dump, known);
  }
  index.addLayer(known.layer);
  for (const { set, entry } of known.others) {
    const { parts, nomatch } = entry;
    for (const [position, part] of parts.entries()) {
      if (!isAddress(part)) continue;
      const others = parts.map((other, at) => (at === position ? lengthOf(part) : deviceName(other, part)));
      const shape = `set ${set} ${position} ${others.join()} ${nomatch}`;
      for (const network of networksOf(part)) index.addNetwork(network, shape);
    }
  }
}

/** What one dump of sets mentions. */
export interface SetMentions {
  readonly layer: MentionIndex;
  /** Entries of several parts, which may name devices. */
  readonly others: readonly { readonly set: string; readonly entry: IpsetEntry }[];
}

function readDump(dump: ReadonlyMap<string, Ipset>, layer: MentionIndex): SetMentions {
  const others: { readonly set: string; readonly entry: IpsetEntry }[] = [];
  for (const [set, { entries }] of dump) {
    for (const entry of entries) {
      const [part = '', ...more] = entry.parts;
      if (more.length > 0) others.push({ set, entry });
      else if (isAddress(part)) {
        const shape = `set ${set} 0 ${lengthOf(part)} ${entry.nomatch}`;
        for (const network of networksOf(part)) layer.addNetwork(network, shape);
      }
    }
  }
  return { layer, others };
}

function isAddress(part: string): boolean {
  return /[.:]/.test(part) && !PORT.test(part);
}

const PORT = /^(?:tcp|udp|sctp|udplite|icmp|icmpv6|dccp):/i;

/** What is left of an element's part without its address. */
function lengthOf(part: string): string {
  const slash = part.indexOf('/');
  return part.includes('-') ? part : slash < 0 ? '' : part.slice(slash);
}

/** Mentions in the services of IPVS. */
export function readVirtualServers({ namespace, index }: Pick<MentionReader, 'namespace' | 'index'>): void {
  for (const { address, protocol, port } of namespace.ipvs?.value ?? []) {
    if (address !== undefined)
      index.addNetwork(address, `virtual server ${protocol} ${port ?? ''} ${address}`);
  }
}
