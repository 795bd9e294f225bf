import { formatAddress, type IpAddress, isSameAddress } from '../../net/address.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { Interface } from '../convert/interfaces.ts';
import { ADVERTISEMENT, SOLICITATION } from '../elements/icmp-types.ts';
import type { Packet } from '../model/packet.ts';

/** Messages of IPv6 have to come with this hop limit (net/ipv6/ndisc.c, `ndisc_rcv`). */
const HOP_LIMIT = 255;
/** With the header of IPv6, the address in question, and a hardware address. */
const SIZE = 72;
/** Of ARP over Ethernet, for IPv4. */
const ARP_SIZE = 28;
/** `ff02::1:ff00:0`, to which the last 24 bits of an address are added (RFC 4291 section 2.7.1). */
const SOLICITED_NODES = 0xff02_0000_0000_0000_0000_0001_ff00_0000n;

/**
 * The source of a neighbour solicitation that a packet makes necessary (`ndisc_solicit`, net/ipv6/ndisc.c): that of the packet, if
 * the interface has it, else the interface's own link-local address, of several the one listed last (`__ipv6_get_lladdr`,
 * net/ipv6/addrconf.c). Undefined where there is neither: then nothing is sent.
 */
export function solicitorOf({ addresses }: Interface, source: IpAddress): IpAddress | undefined {
  const usable = addresses.filter(
    ({ address, flags }) =>
      address.family === 6 && !flags.includes('tentative') && !flags.includes('optimistic'),
  );
  return (
    usable.find(({ address }) => isSameAddress(address, source))?.address ??
    usable.findLast(({ scope }) => scope === 'link')?.address
  );
}

/** The question who has an address: a neighbour solicitation, or a request of ARP. */
export function questionFor(target: IpAddress, asker: IpAddress): Packet {
  if (target.family === 4) return arpMessage('request', asker, target);
  const destination: IpAddress = { family: 6, bits: SOLICITED_NODES | (target.bits & 0xff_ffffn) };
  return message(SOLICITATION, asker, destination);
}

/** The answer to it, which comes from `source`. */
export function answerFrom(source: IpAddress, asker: IpAddress): Packet {
  return source.family === 4 ? arpMessage('reply', source, asker) : message(ADVERTISEMENT, source, asker);
}

function arpMessage(arp: 'request' | 'reply', source: IpAddress, destination: IpAddress): Packet {
  return {
    source,
    destination,
    arp,
    protocol: 0,
    mark: 0,
    ttl: 0,
    size: ARP_SIZE,
    dontFragment: false,
    snat: false,
  };
}

function message(icmpType: number, source: IpAddress, destination: IpAddress): Packet {
  return {
    source,
    destination,
    protocol: PROTOCOL.icmpv6,
    icmpType,
    mark: 0,
    ttl: HOP_LIMIT,
    size: SIZE,
    dontFragment: false,
    snat: false,
  };
}

/** `neighbour solicitation from fe80::1 to ff02::1:ff00:2`, `ARP request from 10.0.0.1 to 10.0.0.2` */
export function describeMessage({ arp, icmpType, source, destination }: Packet): string {
  const name =
    arp === undefined
      ? `neighbour ${icmpType === SOLICITATION ? 'solicitation' : 'advertisement'}`
      : `ARP ${arp}`;
  return `${name} from ${formatAddress(source)} to ${formatAddress(destination)}`;
}
