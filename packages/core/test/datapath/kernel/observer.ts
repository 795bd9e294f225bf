import type { Family } from '../../../src/net/address.ts';
import { run } from './build.ts';
import type { Receipt } from './judge.ts';
import { FIRST_SOURCE_PORT, type LabPlan } from './plan.ts';

/**
 * Writes down, behind all other rules of the hook `input`, what is handed to the processes of a namespace. Only that shows a
 * connection that is never answered. It is set up after the evidence was taken, and it decides nothing.
 */
function ruleset(family: Family): string {
  const [ip, icmp] = family === 4 ? ['ip', 'icmp'] : ['ip6', 'icmpv6'];
  const connection = `${ip} saddr . tcp sport . ${ip} daddr . tcp dport`;
  const echo = `${ip} saddr . ${icmp} id . ${ip} daddr`;
  return `table inet observer {
    set connections { typeof ${connection}; flags dynamic; size 65535; }
    set echoes { typeof ${echo}; flags dynamic; size 65535; }
    chain arrived { type filter hook input priority 1000; policy accept;
      tcp flags & (syn | ack) == syn add @connections { ${connection} }
      ${icmp} type echo-request add @echoes { ${echo} }
    }
  }`;
}

/** Starts to write down what arrives in all namespaces. */
export function observe(prefix: string, { family, places }: LabPlan): void {
  for (const { name } of places) run(prefix, name, 'nft -f -', ruleset(family));
}

/** What arrived, by the number of its question. */
export function readObserved(prefix: string, { places }: LabPlan): ReadonlyMap<number, Receipt> {
  const receipts = new Map<number, Receipt>();
  for (const { name: at } of places) {
    const listed = JSON.parse(run(prefix, at, 'nft -j list table inet observer')) as Listing;
    for (const { set } of listed.nftables) {
      for (const { concat } of set?.elem ?? []) {
        const [source, sourcePort, address, port = 0] = concat;
        const id = Number(sourcePort) - FIRST_SOURCE_PORT;
        receipts.set(id, { at, source: String(source), address: String(address), port: Number(port) });
      }
    }
  }
  return receipts;
}

interface Listing {
  readonly nftables: readonly {
    readonly set?: { readonly elem?: readonly { readonly concat: readonly (string | number)[] }[] };
  }[];
}
