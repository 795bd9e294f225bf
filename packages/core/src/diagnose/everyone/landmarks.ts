import type { Interface } from '../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Network } from '../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../net/address.ts';
import type { Interner } from './interner.ts';

/** What an address or a hardware address is, seen from anywhere. */
export interface Landmark {
  /** The node whose own interface alone carries it; undefined for what is no node's, or several ones'. */
  readonly node: string | undefined;
  /** What it is on that node, the same for the same thing of another node; without a node, what names it and nothing else. */
  readonly role: number;
  /** Its own number among all landmarks. */
  readonly id: number;
}

/** Addresses and hardware addresses of nodes: what other nodes may mention, and what tells nodes apart. */
export class Landmarks {
  readonly #interner: Interner;
  readonly #ofNobody: Landmark;
  readonly #addresses = new Map<string, Landmark>();
  readonly #macs = new Map<string, Landmark>();
  readonly #ofNode = new Map<string, { readonly addresses: IpAddress[]; readonly macs: string[] }>();

  constructor(network: Network, interner: Interner) {
    this.#interner = interner;
    const role = interner.text('mac of nobody');
    this.#ofNobody = { node: undefined, role, id: role };
    for (const namespace of network.namespaces()) {
      for (const device of namespace.interfaces?.all.values() ?? []) this.#addDevice(namespace, device);
    }
  }

  #addDevice(namespace: Namespace, device: Interface): void {
    const { node, name } = namespace;
    const isHost = name === '';
    const own = this.#ofNode.get(node) ?? { addresses: [], macs: [] };
    this.#ofNode.set(node, own);
    const mac = device.link.mac?.toLowerCase();
    if (mac !== undefined && mac !== '00:00:00:00:00:00') {
      if (this.#add(this.#macs, mac, isHost ? node : undefined, `mac ${device.name}`, mac))
        own.macs.push(mac);
    }
    if (device.name === 'kube-ipvs0') return;
    for (const [index, { address, scope, prefixLength }] of device.addresses.entries()) {
      if (scope === 'host') continue;
      const text = formatAddress(address);
      const role = `address ${device.name} ${index} ${prefixLength} ${scope}`;
      if (this.#add(this.#addresses, text, isHost ? node : undefined, role, text))
        own.addresses.push(address);
    }
  }

  /** Whether it is new and a node's own. What several have is known by its own name alone. */
  #add(
    map: Map<string, Landmark>,
    key: string,
    node: string | undefined,
    role: string,
    text: string,
  ): boolean {
    const isNew = !map.has(key);
    const isSingle = isNew && node !== undefined;
    map.set(key, isSingle ? this.#ownOf(node, role) : this.#literal(text));
    return isSingle;
  }

  #ownOf(node: string, text: string): Landmark {
    const role = this.#interner.text(text);
    return { node, role, id: this.#interner.pair(this.#interner.text(node), role) };
  }

  #literal(text: string): Landmark {
    const role = this.#interner.text(`itself ${text}`);
    return { node: undefined, role, id: role };
  }

  address(address: string): Landmark {
    return this.#addresses.get(address) ?? this.#literal(address);
  }

  /** A hardware address that nobody has is like any other such: no frame reaches anybody by it. */
  mac(mac: string): Landmark {
    return this.#macs.get(mac.toLowerCase()) ?? this.#ofNobody;
  }

  /** Addresses and hardware addresses that are this node's own and nobody else's. */
  of(node: string): { readonly addresses: readonly IpAddress[]; readonly macs: readonly string[] } {
    const { addresses, macs } = this.#ofNode.get(node) ?? { addresses: [], macs: [] };
    return {
      addresses: addresses.filter((address) => this.address(formatAddress(address)).node === node),
      macs: macs.filter((mac) => this.mac(mac).node === node),
    };
  }
}
