import { formatAddress, type IpAddress, parseAddress } from '../../../net/address.ts';
import type { IptablesRule } from '../../../parsers/iptables-save/index.ts';

/** A rule for one destination. iptables prints the source first and the destination before everything else. */
const HOST = /^(?:-s \S+ )?-d ([0-9a-f.:]+)\/(?:32|128) /;

/**
 * Which rules of a long chain can match a destination: those that name it, and those that name no single one.
 * kube-proxy's chain of services has one or more rules for each address, of which a packet can match few.
 */
export class DestinationIndex {
  readonly #byHost = new Map<string, number[]>();
  readonly #others: number[] = [];

  constructor(rules: readonly IptablesRule[]) {
    for (const [index, rule] of rules.entries()) {
      const host = hostOf(rule.text);
      if (host === undefined) this.#others.push(index);
      else {
        const known = this.#byHost.get(host);
        if (known === undefined) this.#byHost.set(host, [index]);
        else known.push(index);
      }
    }
  }

  /** Positions of the rules, in their order. */
  *candidates(destination: IpAddress): Generator<number> {
    const named = this.#byHost.get(formatAddress(destination)) ?? [];
    let next = 0;
    for (const other of this.#others) {
      for (let index = named[next]; index !== undefined && index < other; index = named[++next]) yield index;
      yield other;
    }
    for (let index = named[next]; index !== undefined; index = named[++next]) yield index;
  }
}

/** The one destination that a rule is for, in the spelling that packets have. */
function hostOf(text: string): string | undefined {
  const host = HOST.exec(text)?.[1];
  if (host === undefined || !host.includes(':')) return host;
  const address = parseAddress(host);
  return address === undefined ? undefined : formatAddress(address);
}
