import type { NodeEvidence } from '../../facts/snapshot/snapshot.ts';
import {
  type Family,
  formatAddress,
  type IpAddress,
  isSameAddress,
  parseAddress,
} from '../../net/address.ts';
import { prefixContains, prefixOf } from '../../net/prefix.ts';
import type { FdbEntry } from '../../parsers/bridge-fdb/index.ts';
import type { Neighbour } from '../../parsers/ip-neigh/index.ts';
import type { IpvsService } from '../../parsers/ipvs/index.ts';
import { ipsetSaveProbe, ipvsListProbe, ipvsSaveProbe } from '../../probes/firewall.ts';
import { bridgeFdbProbe, ip6NeighProbe, ipNeighProbe } from '../../probes/network.ts';
import type { Choices, UnsurePoint } from '../choices/choices.ts';
import { bpfPrograms } from '../convert/bpf-programs.ts';
import { damageOf } from '../convert/damage.ts';
import { type Firewall, readFirewall } from '../convert/firewall.ts';
import { type Interface, type Interfaces, readInterfaces } from '../convert/interfaces.ts';
import { type Collected, type NamespaceEvidence, namespaceEvidence } from '../convert/namespace-evidence.ts';
import { type Routing, readRouting } from '../convert/routing.ts';
import { readSettings, type Settings } from '../convert/sysctl.ts';
import { Ipsets } from '../elements/ipset/index.ts';
import { lookupRoute, type RouteKey, type RouteResult, routeDevices } from '../elements/routing/lookup.ts';
import { chooseSourceV6 } from '../elements/routing/source-address.ts';
import type { AddressType, FirewallEnvironment, RuleContext } from '../firewall/context.ts';
import { type TestResult, unsure } from '../firewall/verdict.ts';

/** A network namespace as its evidence shows it. Parts are read when a packet first needs them. */
export class Namespace implements FirewallEnvironment {
  /** Name of the node. */
  readonly node: string;
  /** Empty for the host's own. */
  readonly name: string;
  readonly evidence: NamespaceEvidence;
  /** Evidence of the node's own namespace. */
  readonly host: NamespaceEvidence;
  readonly #caveats = new Map<Family, readonly UnsurePoint[]>();
  readonly #firewalls = new Map<Family, Firewall>();
  readonly #routings = new Map<Family, Routing>();
  readonly #neighbourIndex = new Map<Family, NeighbourIndex>();
  readonly #neighbours = new Map<Family, Collected<readonly Neighbour[]> | null>();
  #interfaces: Interfaces | undefined | null = null;
  #settings: Settings | undefined;
  #ipsets: Ipsets | undefined | null = null;
  #fdb: Collected<readonly FdbEntry[]> | undefined | null = null;
  #ipvs: Collected<readonly IpvsService[]> | undefined | null = null;

  constructor(node: NodeEvidence, name: string) {
    this.node = node.name;
    this.name = name;
    this.evidence = namespaceEvidence(node, name);
    this.host = name === '' ? this.evidence : namespaceEvidence(node, '');
  }

  get interfaces(): Interfaces | undefined {
    if (this.#interfaces === null) this.#interfaces = readInterfaces(this.evidence);
    return this.#interfaces;
  }

  interface(name: string): Interface | undefined {
    return this.interfaces?.all.get(name);
  }

  get settings(): Settings {
    this.#settings ??= readSettings(this.evidence);
    return this.#settings;
  }

  routing(family: Family): Routing {
    let routing = this.#routings.get(family);
    if (routing === undefined) {
      routing = readRouting(this.evidence, this.interfaces, family, this.name === '');
      this.#routings.set(family, routing);
    }
    return routing;
  }

  firewall(family: Family): Firewall {
    let firewall = this.#firewalls.get(family);
    if (firewall === undefined) {
      firewall = readFirewall(this.evidence, this.host, family);
      this.#firewalls.set(family, firewall);
    }
    return firewall;
  }

  /** What can not be known of any packet of a family here: evidence that is cut or damaged, programs that are not modelled. */
  caveats(family: Family): readonly UnsurePoint[] {
    let caveats = this.#caveats.get(family);
    if (caveats === undefined) {
      caveats = [...damageOf(this.evidence, family), ...bpfPrograms(this.interfaces)];
      this.#caveats.set(family, caveats);
    }
    return caveats;
  }

  /** Neighbours of a family; undefined where they were not collected. */
  neighbours(family: Family): Collected<readonly Neighbour[]> | undefined {
    let read = this.#neighbours.get(family);
    if (read === undefined) {
      read = this.evidence.read(family === 4 ? ipNeighProbe : ip6NeighProbe) ?? null;
      this.#neighbours.set(family, read);
    }
    return read ?? undefined;
  }

  /** The neighbour entry of an address on an interface. */
  neighbour(device: string, address: IpAddress): Neighbour | undefined {
    const { family } = address;
    let index = this.#neighbourIndex.get(family);
    if (index === undefined) {
      index = indexNeighbours(this.neighbours(family)?.value ?? []);
      this.#neighbourIndex.set(family, index);
    }
    const known = index.get(formatAddress(address));
    return known === undefined || 'address' in known
      ? sameDevice(known, device)
      : known.find((entry) => entry.device === device);
  }

  /** Whether the namespace was told to answer for an address of others on an interface. */
  hasProxyEntry(device: string, address: IpAddress): boolean {
    const text = formatAddress(address);
    const known = this.neighbours(address.family)?.value ?? [];
    return known.some((entry) => entry.isProxy && entry.device === device && sameText(entry.address, text));
  }

  /** The forwarding database of bridges and tunnels; undefined where it was not collected. */
  get fdb(): Collected<readonly FdbEntry[]> | undefined {
    if (this.#fdb === null) this.#fdb = this.evidence.read(bridgeFdbProbe);
    return this.#fdb;
  }

  /** Where the forwarding database of a tunnel sends frames for a hardware address. */
  tunnelEnd(device: string, mac: string): string | undefined {
    const wanted = mac.toLowerCase();
    for (const entry of this.fdb?.value ?? []) {
      if (entry.destination === undefined || entry.device !== device) continue;
      if (entry.mac === wanted || entry.mac.toLowerCase() === wanted) return entry.destination;
    }
    return undefined;
  }

  /** IPVS services, from either form of the listing; undefined where neither was collected. */
  get ipvs(): Collected<readonly IpvsService[]> | undefined {
    if (this.#ipvs === null) {
      const read = this.evidence.read(ipvsSaveProbe) ?? this.evidence.read(ipvsListProbe);
      this.#ipvs = read === undefined ? undefined : { ...read, value: read.value.services };
    }
    return this.#ipvs;
  }

  route(key: RouteKey, choices?: Choices): RouteResult {
    const routing = this.routing(key.destination.family);
    return lookupRoute(routing, key, {
      ...(choices === undefined ? {} : { choices }),
      // The kernel takes away routes by a device that goes down, so those shown are usable.
      isUsable: () => true,
      isOwn: (address) => isLocal(routing, address),
      groupOf: (device) => this.#groupOf(device),
    });
  }

  #groupOf(device: string): string | undefined {
    const group = this.interface(device)?.link.attributes.group;
    return group === undefined ? undefined : String(group);
  }

  /** Whether an address is one of this namespace; undefined where addresses are not known. */
  hasAddress(address: IpAddress): boolean | undefined {
    const type = this.addressType(address);
    return type === undefined ? undefined : type === 'local';
  }

  /** The interface that carries an address. */
  interfaceWith(address: IpAddress): Interface | undefined {
    for (const found of this.interfaces?.all.values() ?? []) {
      if (found.addresses.some((own) => isSameAddress(own.address, address))) return found;
    }
    return undefined;
  }

  addressType(address: IpAddress, device?: string): AddressType | undefined {
    const special = specialType(address);
    if (special !== undefined) return special;
    const routing = this.routing(address.family);
    const table = routing.tables.get('local');
    for (const { route } of table?.matches(address) ?? []) {
      if (device !== undefined && route.device !== device) continue;
      if (route.type === 'local' || route.type === 'broadcast' || route.type === 'anycast') return route.type;
    }
    if (!routing.hasLocal) return undefined;
    // Only other types than these need a lookup, and rules hardly ever ask for them.
    const result = this.route({ destination: address, mark: 0, inInterface: 'lo' });
    if (result.kind === 'blackhole' || result.kind === 'prohibit') return result.kind;
    return result.kind === 'unreachable' || (result.kind === 'none' && address.family === 4)
      ? 'unreachable'
      : 'unicast';
  }

  inSet(name: string, directions: readonly string[], context: RuleContext): TestResult {
    if (this.#ipsets === null) {
      const read = this.evidence.read(ipsetSaveProbe);
      this.#ipsets = read === undefined ? undefined : Ipsets.of(read.value, read.complete);
    }
    return this.#ipsets?.has(name, directions, context) ?? unsure(`set ${name} was not collected`);
  }

  devicesTo(destination: IpAddress, mark: number, near = ''): readonly string[] | undefined {
    // `RT6_LOOKUP_F_IFACE`: every interface has such a network (net/ipv6/netfilter/ip6t_rpfilter.c, nft_fib_ipv6.c).
    if (near !== '' && isLinkLocal(destination)) return this.#linkTo(near, destination);
    const result = this.route({ destination, mark, inInterface: 'lo' });
    return result.kind === 'unknown' ? undefined : routeDevices(result);
  }

  #linkTo(device: string, address: IpAddress): readonly string[] | undefined {
    const { hasRoutes, tables } = this.routing(address.family);
    if (!hasRoutes) return undefined;
    const matches = tables.get('main')?.matches(address) ?? [];
    return [...matches].some(({ route }) => route.device === device) ? [device] : [];
  }

  /**
   * `inet_select_addr` (net/ipv4/devinet.c): the first primary address of the device whose network holds the next hop, else its
   * first one, else the first of any other device that is not only for the link. IPv6 has rules of its own.
   */
  masqueradeAddress(device: string, towards: IpAddress): IpAddress | null | undefined {
    const { interfaces } = this;
    if (interfaces === undefined || !interfaces.hasAddresses) return undefined;
    if (towards.family === 6) return chooseSourceV6(interfaces.all.values(), device, towards) ?? null;
    const result = this.route({ destination: towards, mark: 0, inInterface: 'lo' });
    const nextHop = ('gateway' in result ? result.gateway : undefined) ?? towards;
    const own = this.#candidates(interfaces.all.get(device), towards.family);
    const near = own.find(({ address, prefixLength }) =>
      prefixContains(prefixOf(address, prefixLength), nextHop),
    );
    const chosen = near ?? own[0];
    if (chosen !== undefined) return chosen.address;
    for (const other of interfaces.all.values()) {
      const [found] = this.#candidates(other, towards.family);
      if (found !== undefined) return found.address;
    }
    return null;
  }

  #candidates(found: Interface | undefined, family: Family) {
    return (found?.addresses ?? []).filter(
      ({ address, scope, isSecondary }) =>
        address.family === family && !isSecondary && scope !== 'host' && scope !== 'link',
    );
  }

  firstAddress(device: string, family: Family): IpAddress | null | undefined {
    if (this.interfaces?.hasAddresses !== true) return undefined;
    return (
      this.interface(device)?.addresses.find(({ address }) => address.family === family)?.address ?? null
    );
  }
}

function isLocal({ tables }: Routing, address: IpAddress): boolean {
  for (const { route } of tables.get('local')?.matches(address) ?? [])
    if (route.type === 'local') return true;
  return false;
}

/** Entries by address: hardly ever more than one, of which a list would be kept for nothing. */
type NeighbourIndex = ReadonlyMap<string, Neighbour | readonly Neighbour[]>;

function indexNeighbours(entries: readonly Neighbour[]): NeighbourIndex {
  const index = new Map<string, Neighbour | readonly Neighbour[]>();
  for (const entry of entries) {
    if (entry.isProxy) continue;
    const address = canonical(entry.address);
    const known = index.get(address);
    if (known === undefined) index.set(address, entry);
    else index.set(address, 'address' in known ? [known, entry] : [...known, entry]);
  }
  return index;
}

function sameDevice(entry: Neighbour | undefined, device: string): Neighbour | undefined {
  return entry?.device === device ? entry : undefined;
}

/** The way this program writes an address; IPv6 has several. */
function canonical(text: string): string {
  const address = text.includes(':') ? parseAddress(text) : undefined;
  return address === undefined ? text : formatAddress(address);
}

function sameText(left: string, right: string): boolean {
  if (left === right) return true;
  const address = left.includes(':') ? parseAddress(left) : undefined;
  return address !== undefined && formatAddress(address) === right;
}

function isLinkLocal({ family, bits }: IpAddress): boolean {
  return family === 6 && bits >> 118n === 0x3fan;
}

/** Addresses whose type does not depend on any table. */
function specialType({ family, bits }: IpAddress): AddressType | undefined {
  if (bits === 0n) return family === 4 ? 'broadcast' : 'unspec';
  if (family === 4) {
    if (bits === 0xffffffffn) return 'broadcast';
    return bits >> 28n === 0xen ? 'multicast' : undefined;
  }
  return bits >> 120n === 0xffn ? 'multicast' : undefined;
}
