import { type IpAddress, widthOf } from '../../net/address.ts';
import { formatPrefix, type Prefix, prefixContains, prefixOf } from '../../net/prefix.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Network } from '../model/network.ts';
import { type Base, baseOf } from './cable-base.ts';
import { isVirtual } from './cable-devices.ts';
import { type Station, veth } from './veth.ts';

/** One end of a cable: an interface, with all that share it, as macvlan devices of pods and ports of a bridge do. */
export interface CableEnd {
  readonly members: readonly Station[];
  /** The VLAN that frames are tagged with; undefined where they are not. */
  readonly vlan: unknown;
}

/** Everything that hangs on the cables of a network, put together by cable. */
export class CableEnds {
  readonly #network: Network;
  readonly #bases = new WeakMap<Interface, Base>();
  readonly #byKey = new Map<string, { readonly members: Station[]; readonly vlan: unknown }>();
  readonly #marks = new WeakMap<CableEnd, Marks>();

  constructor(network: Network) {
    this.#network = network;
  }

  add(station: Station): void {
    const { key, vlan } = this.#baseOf(station);
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, { members: [station], vlan });
    else known.members.push(station);
  }

  /** The end that an interface hangs on. */
  of(station: Station): CableEnd {
    const { key, vlan } = this.#baseOf(station);
    return this.#byKey.get(key) ?? { members: [station], vlan };
  }

  /**
   * Whether evidence shows that two ends hang on the same network: an address of one is in a network of the other, or the near one
   * has heard a hardware address of the far one. Without either nobody knows.
   */
  areJoined(near: CableEnd, far: CableEnd): boolean {
    if (near === far) return true;
    if (near.vlan !== far.vlan) return false;
    const [own, other] = [this.#marksOf(near), this.#marksOf(far)];
    return holdsAny(own, other) || holdsAny(other, own) || other.macs.some((mac) => own.heard().has(mac));
  }

  /** The networks of all addresses on an end, as text. */
  networksOf(end: CableEnd): readonly string[] {
    return this.#marksOf(end).networks.map(formatPrefix);
  }

  #baseOf(station: Station): Base {
    let base = this.#bases.get(station.device);
    if (base === undefined) {
      base = baseOf(this.#network, station);
      this.#bases.set(station.device, base);
    }
    return base;
  }

  #marksOf(end: CableEnd): Marks {
    let marks = this.#marks.get(end);
    if (marks === undefined) {
      marks = readMarks(this.#network, end);
      this.#marks.set(end, marks);
    }
    return marks;
  }
}

/** What an end can be known by, and what it knows of others. */
interface Marks {
  readonly networks: readonly Prefix[];
  readonly addresses: readonly IpAddress[];
  readonly macs: readonly string[];
  /** Hardware addresses that frames came from; read when it is first asked for. */
  heard(): ReadonlySet<string>;
}

function holdsAny({ networks }: Marks, { addresses }: Marks): boolean {
  return networks.some((network) => addresses.some((address) => prefixContains(network, address)));
}

function readMarks(network: Network, { members }: CableEnd): Marks {
  const stations = members.flatMap((member) => [member, ...onBridge(network, member)]);
  const own = stations
    .flatMap(({ device }) => device.addresses)
    .filter(({ scope }) => scope !== 'host' && scope !== 'link');
  const networks = own
    .filter(({ address, prefixLength }) => prefixLength < widthOf(address.family))
    .map(({ address, prefixLength }) => prefixOf(address, prefixLength));
  let heard: ReadonlySet<string> | undefined;
  return {
    networks: [...new Map(networks.map((found) => [formatPrefix(found), found])).values()],
    addresses: own.map(({ address }) => address),
    macs: stations.flatMap(({ device: { link } }) =>
      link.mac === undefined ? [] : [link.mac.toLowerCase()],
    ),
    heard() {
      heard ??= new Set(members.flatMap((member) => [...neighbourMacs(member), ...learnedMacs(member)]));
      return heard;
    },
  };
}

/** Pods behind the ports of a bridge are on the network that its other ports lead to. */
function onBridge(network: Network, { namespace, device }: Station): readonly Station[] {
  if (device.link.kind !== 'bridge') return [];
  return [...(namespace.interfaces?.all.values() ?? [])].flatMap((port) => {
    const far = port.link.master === device.name ? veth(network, namespace, port) : undefined;
    return far === undefined ? [] : [far];
  });
}

function neighbourMacs({ namespace, device }: Station): readonly string[] {
  return ([4, 6] as const)
    .flatMap((family) => namespace.neighbours(family)?.value ?? [])
    .filter(
      (entry) => entry.device === device.name && !entry.isProxy && !/FAILED|INCOMPLETE/.test(entry.state),
    )
    .flatMap(({ mac }) => (mac === undefined ? [] : [mac.toLowerCase()]));
}

/** What a bridge has learned at the ports that lead to a cable, of frames without a tag: VLAN 1 is that of ports to begin with. */
function learnedMacs({ namespace, device }: Station): readonly string[] {
  if (device.link.kind !== 'bridge') return [];
  return (namespace.fdb?.value ?? [])
    .filter(({ device: name = '', vlan, state, flags }) => {
      const port = namespace.interface(name);
      return (
        port?.link.master === device.name &&
        !isVirtual(port) &&
        (vlan ?? 1) === 1 &&
        state !== 'permanent' &&
        !flags.includes('self')
      );
    })
    .map(({ mac }) => mac.toLowerCase());
}
