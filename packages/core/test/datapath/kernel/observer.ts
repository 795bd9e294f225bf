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
    set answers { typeof ${connection}; flags dynamic; size 65535; }
    set echoes { typeof ${echo}; flags dynamic; size 65535; }
    chain arrived { type filter hook input priority 1000; policy accept;
      tcp flags & (syn | ack) == syn add @connections { ${connection} }
      tcp flags & (syn | ack) == (syn | ack) add @answers { ${connection} }
      ${icmp} type echo-request add @echoes { ${echo} }
    }
  }`;
}

/** Starts to write down what arrives in all namespaces. */
export function observe(prefix: string, { family, places }: LabPlan): void {
  for (const { name } of places) run(prefix, name, 'nft -f -', ruleset(family));
}

/** What arrived in all namespaces. */
export interface Observed {
  /** By the number of its question. */
  readonly receipts: ReadonlyMap<number, Receipt>;
  /** What has a source port, or an identifier, that no question has. */
  readonly strays: readonly Receipt[];
  /** SYN,ACK that came back, by the number of the question. */
  readonly answers: ReadonlyMap<number, Answer>;
}

/** Where an answer came in, and whom it came from. */
export interface Answer {
  readonly at: string;
  readonly source: string;
  readonly sourcePort: number;
}

/** Reads what arrived. */
export function readObserved(prefix: string, { places, questions }: LabPlan): Observed {
  const receipts = new Map<number, Receipt>();
  const strays: Receipt[] = [];
  const answers = new Map<number, Answer>();
  for (const { name: at } of places) {
    const listed = JSON.parse(run(prefix, at, 'nft -j list table inet observer')) as Listing;
    for (const { set } of listed.nftables) {
      for (const { concat } of set?.elem ?? []) {
        const [source, sourcePort, address, port = 0] = concat;
        const receipt = { at, source: String(source), address: String(address), port: Number(port) };
        const id = Number(sourcePort) - FIRST_SOURCE_PORT;
        if (set?.name === 'answers')
          answers.set(receipt.port - FIRST_SOURCE_PORT, { ...receipt, sourcePort: Number(sourcePort) });
        else if (questions.some((question) => question.id === id)) receipts.set(id, receipt);
        else strays.push(receipt);
      }
    }
  }
  return { receipts, strays, answers };
}

interface Listing {
  readonly nftables: readonly {
    readonly set?: {
      readonly name: string;
      readonly elem?: readonly { readonly concat: readonly (string | number)[] }[];
    };
  }[];
}
