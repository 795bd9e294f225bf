import { formatAddress, parseAddress } from '../../../net/address.ts';
import { protocolNumber } from '../../../net/protocol.ts';
import type { IptablesRule } from '../../../parsers/iptables-save/index.ts';
import type { Packet } from '../../model/packet.ts';

/** A rule for one destination. iptables prints the source first and the destination before everything else. */
const HOST = /^(?:-s \S+ )?-d ([0-9a-f.:]+)\/(?:32|128) /;
/** A rule for one port, without addresses: the protocol comes first then. */
const PORT = /^-p (tcp|udp|sctp) (?:.* )?(! )?--dport (\d+) /;

/**
 * Which rules of a long chain can match a packet: those that name its destination, those that name its destination port, and those
 * that name no single one. kube-proxy's chains of services and of node ports have one or more rules for each, of which a packet
 * can match few.
 */
class DestinationIndex {
  readonly #count: number;
  readonly #byHost = new Map<string, number[]>();
  readonly #byPort = new Map<string, number[]>();
  readonly #others: number[] = [];

  constructor(rules: readonly IptablesRule[]) {
    this.#count = rules.length;
    for (const [index, { text }] of rules.entries()) {
      const host = hostOf(text);
      const port = host === undefined ? portOf(text) : undefined;
      if (host !== undefined) append(this.#byHost, host, index);
      else if (port !== undefined) append(this.#byPort, port, index);
      else this.#others.push(index);
    }
  }

  /** Positions of the rules, in their order. Of a packet whose port nobody knows, each port could be the one. */
  *candidates({ destination, protocol, destinationPort }: Packet): Generator<number> {
    if (destinationPort === undefined && this.#byPort.size > 0) {
      for (let index = 0; index < this.#count; index++) yield index;
      return;
    }
    const lists = [
      this.#byHost.get(formatAddress(destination)) ?? [],
      this.#byPort.get(`${protocol} ${destinationPort}`) ?? [],
      this.#others,
    ].filter(({ length }) => length > 0);
    const next = lists.map(() => 0);
    for (;;) {
      let first: number | undefined;
      for (const [list, at] of next.entries()) {
        const index = lists[list]?.[at];
        if (index !== undefined && (first === undefined || index < first)) first = index;
      }
      if (first === undefined) return;
      for (const [list, at] of next.entries()) if (lists[list]?.[at] === first) next[list] = at + 1;
      yield first;
    }
  }
}

const known = new WeakMap<readonly IptablesRule[], DestinationIndex>();

/** The index of a chain's rules. Nodes with the same dump share it. */
export function destinationIndex(rules: readonly IptablesRule[]): DestinationIndex {
  let index = known.get(rules);
  if (index === undefined) {
    index = new DestinationIndex(rules);
    known.set(rules, index);
  }
  return index;
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [index]);
  else list.push(index);
}

/** The one destination that a rule is for, in the spelling that packets have. */
function hostOf(text: string): string | undefined {
  const host = HOST.exec(text)?.[1];
  if (host === undefined || !host.includes(':')) return host;
  const address = parseAddress(host);
  return address === undefined ? undefined : formatAddress(address);
}

/** The one protocol and port that a rule is for. */
function portOf(text: string): string | undefined {
  const [, protocol = '', isNegated, port] = PORT.exec(text) ?? [];
  return port === undefined || isNegated !== undefined
    ? undefined
    : `${protocolNumber(protocol)} ${Number(port)}`;
}
