import type { Evidence } from '../../model/evidence.ts';
import type { Family, IpAddress } from '../../net/address.ts';
import type { Choices } from '../choices/choices.ts';
import type { ConnectionView } from '../elements/conntrack/connection.ts';
import type { Packet } from '../model/packet.ts';
import type { TestResult } from './verdict.ts';

/** The hooks of netfilter that IP packets pass. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** Hooks that frames pass below IP: of a device, those that a bridge calls, and those of ARP. */
export type LinkHook = 'ingress' | 'egress' | `bridge ${Hook}` | 'arp input' | 'arp output';

/** What kind of address an address is, as routing sees it (`RTN_*` of the kernel). */
export type AddressType =
  | 'unspec'
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit';

/** What rules can ask about the namespace they stand in. */
export interface FirewallEnvironment {
  /** The type of an address, on one interface only where `device` is given; undefined where routes are not known. */
  addressType(address: IpAddress, device?: string): AddressType | undefined;
  /** Whether an ipset holds the packet; the directions are `src` and `dst`, one for each part of an element. */
  inSet(name: string, directions: readonly string[], context: RuleContext): TestResult;
  /**
   * The interfaces a packet to `destination` could leave by, `lo` for local ones; undefined where routes are not known. Link-local
   * addresses are looked for on `near` alone, where it is given.
   */
  devicesTo(destination: IpAddress, mark: number, near?: string): readonly string[] | undefined;
  /** The address that masquerading behind an interface takes; null where there is none, undefined where unknown. */
  masqueradeAddress(device: string, towards: IpAddress): IpAddress | null | undefined;
  /** The first address of an interface; null where it has none, undefined where addresses are not known. */
  firstAddress(device: string, family: Family): IpAddress | null | undefined;
}

/** What a client of a service of IPVS asked for. */
export interface VirtualService {
  readonly address: IpAddress;
  readonly protocol: number;
  readonly port: number | undefined;
}

/** What a rule sees of the walk, and how it acts on it. */
export interface RuleContext {
  /** Statements replace it; it is never changed in place. */
  packet: Packet;
  readonly hook: Hook | LinkHook;
  /** Empty where there is none. */
  readonly inInterface: string;
  /** Empty where there is none; undefined where it is not known. */
  readonly outInterface: string | undefined;
  /** Ports of a bridge, for bridged packets. */
  readonly physicalIn: string;
  readonly physicalOut: string;
  /** The bridge, at its own hooks; empty elsewhere. */
  readonly bridge: string;
  readonly connection: ConnectionView;
  /** Undefined where IPVS has not sent the packet on. */
  readonly balancedFor: VirtualService | undefined;
  /** Takes the packet out of connection tracking, where it has not been looked up yet. */
  untrack(): void;
  readonly environment: FirewallEnvironment;
  readonly choices: Choices;
}

/**
 * Whom the frame that the packet came in with was for (`eth_type_trans`, net/ethernet/eth.c). What the host sends itself counts as
 * for itself.
 */
export function arrivalOf({ packet, inInterface }: RuleContext): 'host' | 'multicast' | 'broadcast' {
  if (inInterface === '') return 'host';
  if (packet.arp === 'request') return 'broadcast';
  const { family, bits } = packet.destination;
  return family === 6 && bits >> 120n === 0xffn ? 'multicast' : 'host';
}

/** Decides what a match says, by chance or by trying both meanings where it has to be. */
export function settle(
  context: RuleContext,
  result: TestResult,
  place: Evidence & { text: string },
): boolean {
  if (typeof result === 'boolean') return result;
  if ('probability' in result) {
    if (result.probability <= 0) return false;
    if (result.probability >= 1) return true;
    return context.choices.random([result.probability, 1 - result.probability]) === 0;
  }
  const point = { ...place, text: `${result.unsure}: ${place.text}`, isMissing: false };
  return context.choices.unsure(point, 2) === 1;
}
