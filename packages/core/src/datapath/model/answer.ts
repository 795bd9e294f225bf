import type { Evidence } from '../../model/evidence.ts';

export const TRACE_SCHEMA = 'netvet.dev/trace/v1';

/** How the walk of a packet can end. */
export const DISPOSITIONS = [
  'delivered',
  'dropped',
  'rejected',
  'no-route',
  'neighbor-unreachable',
  'interface-down',
  'ttl-expired',
  'too-big',
  'left-network',
  'unknown',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** What is asked: the options of `netvet trace` by name. */
export interface TraceQuestion {
  /** `node/NAME`, `pod/NAMESPACE/NAME`, `netns/NODE/NAME` or an IP address. */
  readonly from: string;
  /** The same, or `service/NAMESPACE/NAME`; with `:PORT` (`[v6]:PORT`) where a port makes sense. */
  readonly to: string;
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly state?: 'new' | 'established';
  /** Interface at which a packet from outside arrives; `NODE/INTERFACE` where there are several nodes. */
  readonly in?: string;
  /** Bytes of the packet with its IP header; 60 where it is not given. */
  readonly size?: number;
}

/** One thing that happened to the packet. */
export interface TraceStep {
  readonly node: string;
  /** Network namespace; absent for the host's own. */
  readonly netns?: string;
  /** What acted: `iptables`, `nftables`, `conntrack`, `routing`, `neighbour`, `link`, `tunnel`, `ipvs`, … */
  readonly element: string;
  readonly hook?: string;
  readonly table?: string;
  readonly chain?: string;
  readonly action: string;
  readonly detail?: string;
  readonly evidence: readonly Evidence[];
}

/** One way that the packet can take. */
export interface TracePath {
  /** The probabilities of all paths of an answer add up to 1. */
  readonly probability: number;
  readonly disposition: Disposition;
  readonly at: { readonly node: string; readonly netns?: string; readonly interface?: string };
  /** The packet where the walk ended, encapsulation taken off. */
  readonly packet: {
    readonly source: string;
    readonly destination: string;
    readonly sourcePort?: number;
    readonly destinationPort?: number;
    /** Whether its source was translated on the way. */
    readonly snat: boolean;
  };
  readonly steps: readonly TraceStep[];
  /** The way back, where it was asked for and the packet was delivered. */
  readonly reply?: Omit<TracePath, 'probability' | 'reply'>;
}

/** Something in the evidence, or missing from it, that the walk met and does not model. */
export interface NotModelled extends Evidence {
  readonly text: string;
  /** Whether some meaning of it would give other paths. */
  readonly couldChangeAnswer: boolean;
}

export interface TraceAnswer {
  readonly schema: typeof TRACE_SCHEMA;
  readonly question: TraceQuestion & { readonly protocol: string; readonly destinationPort?: number };
  readonly paths: readonly TracePath[];
  readonly notModelled: readonly NotModelled[];
}

/** A question that can not be answered, and why. */
export interface TraceRefusal {
  readonly question: TraceQuestion;
  readonly error: { readonly code: TraceErrorCode; readonly message: string };
}

export type TraceErrorCode = 'bad-question' | 'not-found' | 'ambiguous';
