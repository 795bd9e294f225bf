import type { Evidence } from '../../model/evidence.ts';
import { type Family, formatAddress, type IpAddress } from '../../net/address.ts';
import type { Choices } from '../choices/choices.ts';
import type { Connection, ConnectionView } from '../elements/conntrack/connection.ts';
import type { VirtualService } from '../firewall/context.ts';
import type { Disposition, TraceStep } from '../model/answer.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import type { Acquaintance } from './acquaintances.ts';

/** The packet on its way, with what the kernel keeps beside it (`struct sk_buff`). */
export interface Buffer {
  packet: Packet;
  /** Its connection in the namespace it is in; undefined before it was looked up there. */
  connection: ConnectionView | undefined;
  /** The service that IPVS sent it on for; it does not look at a packet twice (`ipvs_property`). */
  balancedFor?: VirtualService;
  /** The packet inside, while it is encapsulated. */
  readonly inner?: Buffer;
  /** How the packet inside was wrapped: tells which device takes it out again. */
  readonly tunnel?: TunnelHeader;
}

export interface TunnelHeader {
  readonly kind: 'vxlan' | 'ipip' | 'gre' | 'sit' | 'geneve';
  /** Network id of VXLAN and Geneve, key of GRE. */
  readonly vni?: number;
  /** Hardware address on the frame inside, where there is a frame. */
  readonly mac?: string;
}

/** What happens next. */
export type Next =
  | {
      readonly kind: 'arrive';
      readonly namespace: Namespace;
      readonly device: string;
      readonly buffer: Buffer;
      /** Port of the bridge `device` that the packet came in by, where bridged packets pass the hooks. */
      readonly bridgePort?: string;
      /** The bridge has passed the first hook with it. */
      readonly isPrerouted?: boolean;
      /** The packet comes from the loopback device and keeps the route it was sent with. */
      readonly isLooped?: boolean;
      /** An Open vSwitch bridge gave it to the node by this port of its own. */
      readonly isFromSwitch?: boolean;
    }
  | { readonly kind: 'send'; readonly namespace: Namespace; readonly buffer: Buffer }
  | {
      readonly kind: 'transmit';
      readonly namespace: Namespace;
      readonly device: string;
      readonly nextHop: IpAddress;
      readonly buffer: Buffer;
    }
  | End;

/** Where a packet was on its way. */
export interface Hop {
  readonly kind: 'arrive' | 'send' | 'transmit';
  readonly namespace: Namespace;
  /** The interface; undefined where a process sends. */
  readonly device?: string;
  /** Only of `transmit`. */
  readonly nextHop?: IpAddress;
  /** As it was there: inside a tunnel, the outer one. */
  readonly packet: Packet;
  /** The packet in the tunnel, and the tunnel's own header. */
  readonly inner?: Packet;
  readonly tunnel?: TunnelHeader;
}

/** Why a packet is lost, where its disposition alone does not say. */
export type LossReason =
  | 'forwarding-off'
  | 'rp-filter'
  | 'martian'
  | 'no-tunnel-neighbour'
  | 'no-tunnel-endpoint'
  | 'no-tunnel-device'
  | 'no-tunnel-source'
  | 'tunnel-mac-mismatch'
  | 'no-hairpin'
  | 'no-server'
  | 'wrong-answer-source';

/** The end of a walk. */
export interface End {
  readonly kind: 'end';
  readonly disposition: Disposition;
  readonly namespace: Namespace;
  readonly device?: string;
  readonly packet: Packet;
  readonly reason?: LossReason;
  /** Where nobody could answer for the next hop: the message of neighbour discovery that was lost, and where. */
  readonly discovery?: { readonly namespace: Namespace; readonly packet: Packet };
}

/** Whether what was worked out ends the walk. */
export function isEnd(value: object): value is End {
  return 'kind' in value && value.kind === 'end';
}

/** One walk of one packet. */
export interface Walk {
  readonly network: Network;
  readonly choices: Choices;
  readonly steps: TraceStep[];
  readonly hops: Hop[];
  readonly connections: Map<Namespace, Connection[]>;
  /** Neighbours that namespaces got to know on the way, beside those in their evidence. */
  readonly acquainted: Map<string, Acquaintance>;
  /** Other nodes on which somebody was asked for a hardware address, and in which family: 6 where in both. */
  readonly asked: Map<string, Family>;
  /** Namespaces whose damaged evidence was taken into account. */
  readonly doubted: Set<Namespace>;
  /** Whether packets of the same connection went before. */
  readonly isEstablished: boolean;
  /** True on the way back. */
  isReply: boolean;
}

/** Adds a step at a namespace. */
export function addStep(
  walk: Walk,
  namespace: Namespace,
  step: Omit<TraceStep, 'node' | 'netns' | 'evidence'> & { readonly evidence?: readonly Evidence[] },
): void {
  const { node, name: netns } = namespace;
  const { element, hook, table, chain, action, detail, evidence = [] } = step;
  // Part by part, as there are thousands: spreading objects of many forms is slow.
  const added: { -readonly [K in keyof TraceStep]: TraceStep[K] } = { node, element, action, evidence };
  if (netns !== '') added.netns = netns;
  if (hook !== undefined) added.hook = hook;
  if (table !== undefined) added.table = table;
  if (chain !== undefined) added.chain = chain;
  if (detail !== undefined) added.detail = detail;
  walk.steps.push(added);
}

/** Ends the walk, with a last step that says why. */
export function end(
  walk: Walk,
  disposition: Disposition,
  where: { readonly namespace: Namespace; readonly device?: string; readonly buffer: Buffer },
  {
    reason,
    ...step
  }: {
    readonly element: string;
    readonly detail: string;
    readonly evidence?: readonly Evidence[];
    readonly reason?: LossReason;
  },
): End {
  addStep(walk, where.namespace, { ...step, action: disposition });
  return { ...endSilently(disposition, where), ...(reason === undefined ? {} : { reason }) };
}

/** Ends the walk where the last step already says why. */
export function endSilently(
  disposition: Disposition,
  where: { readonly namespace: Namespace; readonly device?: string; readonly buffer: Buffer },
): End {
  return {
    kind: 'end',
    disposition,
    namespace: where.namespace,
    ...(where.device === undefined || where.device === '' ? {} : { device: where.device }),
    packet: innermost(where.buffer).packet,
  };
}

/** The packet that the question is about, encapsulation taken off. */
function innermost(buffer: Buffer): Buffer {
  return buffer.inner === undefined ? buffer : innermost(buffer.inner);
}

/** `10.0.0.1:80`, `[fd00::1]:80`, or the address alone. */
export function describeEnd(address: IpAddress, port: number | undefined): string {
  const text = formatAddress(address);
  if (port === undefined) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

/** Says that something is missing that the walk goes on without. */
export function noteMissing(walk: Walk, file: string, text: string): void {
  walk.choices.unsure({ file, text, isMissing: true }, 1);
}

/** Says what can not be known of any packet in a namespace. */
export function noteCaveats(walk: Walk, namespace: Namespace, { packet }: Buffer): void {
  for (const caveat of namespace.caveats(packet.destination.family)) walk.choices.unsure(caveat, 1);
}

/** Whether an unread setting has its expected value; both are tried. */
export function expectSetting(walk: Walk, file: string, text: string): boolean {
  return walk.choices.unsure({ file, text: `not collected: ${text}`, isMissing: true }, 2) === 0;
}
