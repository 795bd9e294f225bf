import type { Family } from '../../../src/net/address.ts';

/** What reads the text of a part. `sh` runs in the part's namespace, `iptables-…` take lines as `iptables-save` prints them. */
export type Tool =
  | 'sh'
  | 'ipset'
  | 'nft'
  | 'iptables-legacy'
  | 'iptables-nft'
  | 'ip6tables-legacy'
  | 'ip6tables-nft';

/** A network namespace of a lab: a node, or a pod on it. */
export interface Place {
  readonly name: string;
  /** Its own name for a node. */
  readonly node: string;
  /** The address that its packets come from. */
  readonly address: string;
  /** Commands on the host that make its links; `@name` stands for the namespace of that name. */
  readonly links: readonly string[];
  /** Commands in its namespace, and in those of its node, that make it work. */
  readonly setup: readonly { readonly at: string; readonly script: string }[];
}

/** One thing that is set up in a lab, beside what makes it work, and that it can do without. */
export interface Part {
  readonly at: string;
  readonly tool: Tool;
  /** Table of iptables; empty for other tools. */
  readonly table: string;
  readonly text: string;
}

/** One packet to send. */
export interface Question {
  readonly id: number;
  readonly from: string;
  readonly protocol: 'udp' | 'tcp' | 'icmp';
  readonly destination: string;
  readonly port: number;
  /** Whether the kernel picks the source address. */
  readonly isSourceOpen: boolean;
  /** Bytes with the IP header, of ICMP only. */
  readonly size?: number;
}

/** A lab as data: the same plan builds the same lab, and without some of its parts it builds a smaller one. */
export interface LabPlan {
  readonly seed: number;
  readonly family: Family;
  /** Whether the nodes hang on a switch of their own; two can do with a cable. */
  readonly hasSwitch: boolean;
  readonly places: readonly Place[];
  readonly parts: readonly Part[];
  readonly questions: readonly Question[];
}

/** Ports that are asked for. */
export const PORTS = [53, 80, 8080, 9999] as const;

/** Source port of the question with number 0; the others follow. */
export const FIRST_SOURCE_PORT = 40_000;

/** The place of a name; throws where there is none. */
export function placeNamed({ places }: Pick<LabPlan, 'places'>, name: string): Place {
  const found = places.find((place) => place.name === name);
  if (found === undefined) throw new Error(`the lab has no place ${name}`);
  return found;
}
