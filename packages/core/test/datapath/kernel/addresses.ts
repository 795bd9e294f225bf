import type { Family } from '../../../src/net/address.ts';

/** The addresses of a lab, in either family. Nodes are counted from 1. */
export class Addresses {
  readonly family: Family;
  /** Length of the prefix of one address. */
  readonly full: number;
  /** Length of the prefix of a network. */
  readonly network: number;
  /** What `ip` takes as its option. */
  readonly option: '-4' | '-6';
  /** As sysctl names it. */
  readonly sysctl: 'ipv4' | 'ipv6';
  readonly services: readonly string[];
  readonly allPods: string;
  readonly underlay: string;
  readonly loopback: string;
  readonly default: string;
  /** Addresses that nobody has. */
  readonly nobody: readonly string[];

  constructor(family: Family) {
    const isV4 = family === 4;
    this.family = family;
    this.full = isV4 ? 32 : 128;
    this.network = isV4 ? 24 : 64;
    this.option = isV4 ? '-4' : '-6';
    this.sysctl = isV4 ? 'ipv4' : 'ipv6';
    this.services = [1, 2, 3].map((index) => this.#either(`10.96.0.${index}`, `fd96::${index}`));
    this.allPods = this.#either('10.244.0.0/16', 'fd44::/32');
    this.underlay = this.#either('192.168.50.0/24', 'fd50::/64');
    this.loopback = this.#either('127.0.0.1', '::1');
    this.default = this.#either('0.0.0.0/0', '::/0');
    this.nobody = isV4
      ? ['10.96.0.9', '10.244.1.77', '172.16.0.1', '192.168.50.77']
      : ['fd96::9', 'fd44:0:1::77', 'fd16::1', 'fd50::77'];
  }

  node(index: number): string {
    return this.#either(`192.168.50.${index}`, `fd50::${index}`);
  }

  /** Network of the pods on a node that have a route each. */
  podNetwork(index: number): string {
    return this.#either(`10.244.${index}.0/24`, `fd44:0:${index}::/64`);
  }

  routedPod(node: number, index: number): string {
    return this.#either(`10.244.${node}.${10 + index}`, `fd44:0:${node}::${10 + index}`);
  }

  /** Address of the tunnel device of a node. */
  tunnel(node: number): string {
    return this.#either(`10.244.${node}.0`, `fd44:0:${node}::1`);
  }

  /** Network of the pods on the bridge of a node. */
  bridgeNetwork(node: number): string {
    return this.#either(`10.244.${100 + node}.0/24`, `fd44:0:${100 + node}::/64`);
  }

  bridgedPod(node: number, index: number): string {
    return this.#either(`10.244.${100 + node}.${10 + index}`, `fd44:0:${100 + node}::${10 + index}`);
  }

  /** Address of the bridge of a node. */
  bridge(node: number): string {
    return this.#either(`10.244.${100 + node}.1`, `fd44:0:${100 + node}::1`);
  }

  /** Address of a pod with an interface of its own on the network of the nodes. */
  underlayPod(node: number, index: number): string {
    return this.#either(`192.168.50.${20 * node + index}`, `fd50::${20 * node + index}`);
  }

  /** With a port, as rules that translate write it. */
  withPort(address: string, port: number): string {
    return this.#either(`${address}:${port}`, `[${address}]:${port}`);
  }

  #either(v4: string, v6: string): string {
    return this.family === 4 ? v4 : v6;
  }
}
