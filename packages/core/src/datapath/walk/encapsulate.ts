import { formatAddress, type IpAddress, parseAddress } from '../../net/address.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { Interface } from '../convert/interfaces.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import type { Packet } from '../model/packet.ts';
import { addStep, type Buffer, end, type Next, type TunnelHeader, type Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Bytes that the header of IPv6 has more than that of IPv4. */
const V6_MORE = 20;
/** Bytes that each tunnel adds around a packet, over IPv4. */
const OVERHEAD = { vxlan: 50, ipip: 20, gre: 24, sit: 20, geneve: 50 } as const;
/** Port of VXLAN where the device does not say (the kernel's own default, not that of the standard). */
const KERNEL_VXLAN_PORT = 8472;
const OUTER_TTL = 64;
/** IPv6 in IPv4. */
const SIT_PROTOCOL = 41;

/**
 * Wraps a packet and sends the outer one, which is a packet of the node itself and keeps the mark of the inner one
 * (drivers/net/vxlan/vxlan_core.c, net/ipv4/ip_tunnel.c).
 */
export function encapsulate(walk: Walk, sending: Transmission, device: Interface): Next {
  return device.link.kind === 'vxlan' ? wrapFrame(walk, sending, device) : wrapPacket(walk, sending, device);
}

/** VXLAN carries frames: the neighbour gives the hardware address, the forwarding database the other node. */
function wrapFrame(walk: Walk, sending: Transmission, device: Interface): Next {
  const { namespace, nextHop } = sending;
  const entry = namespace.neighbour(device.name, nextHop);
  const neighbours = namespace.neighbours(nextHop.family);
  if (entry?.mac === undefined) {
    const mayAsk = neighbours === undefined || floods(sending, device);
    return end(walk, mayAsk ? 'unknown' : 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: `the hardware address of ${formatAddress(nextHop)} on ${device.name} is not known`,
      evidence: [entry === undefined ? device.place : placeIn(neighbours?.file ?? '', entry)],
      reason: 'no-tunnel-neighbour',
    });
  }
  const { mac } = entry;
  const remote = remoteOf(sending, device, mac);
  if (remote === undefined) {
    return end(walk, namespace.fdb === undefined ? 'unknown' : 'dropped', sending, {
      element: 'tunnel',
      detail: `the forwarding database of ${device.name} has no tunnel endpoint for ${mac}`,
      evidence: [placeIn(neighbours?.file ?? '', entry)],
      reason: 'no-tunnel-endpoint',
    });
  }
  const vni = device.link.details.id;
  const port = device.link.details.dstport;
  return sendOuter(walk, sending, device, remote, {
    header: { kind: 'vxlan', mac, ...(typeof vni === 'number' ? { vni } : {}) },
    protocol: PROTOCOL.udp,
    destinationPort: typeof port === 'number' ? port : KERNEL_VXLAN_PORT,
  });
}

/** Whether the device sends to several nodes what it knows no endpoint for, so that a neighbour can be asked for. */
function floods({ namespace }: Transmission, device: Interface): boolean {
  const { group, remote } = device.link.details;
  if (group !== undefined || remote !== undefined || namespace.fdb === undefined) return true;
  return namespace.fdb.value.some(
    ({ device: name, mac, destination }) =>
      name === device.name && mac === '00:00:00:00:00:00' && destination !== undefined,
  );
}

function remoteOf({ namespace }: Transmission, device: Interface, mac: string): IpAddress | undefined {
  const fixed = device.link.details.remote;
  const text =
    namespace.tunnelEnd(device.name, mac) ??
    namespace.tunnelEnd(device.name, '00:00:00:00:00:00') ??
    (typeof fixed === 'string' ? fixed : undefined);
  return text === undefined ? undefined : parseAddress(text);
}

/** IPIP, GRE and SIT carry packets: to the fixed other end, else to the next hop. */
function wrapPacket(walk: Walk, sending: Transmission, device: Interface): Next {
  const { remote: fixed } = device.link.details;
  const kind = device.link.kind === 'gre' ? 'gre' : device.link.kind === 'sit' ? 'sit' : 'ipip';
  const remote = (typeof fixed === 'string' ? parseAddress(fixed) : undefined) ?? sending.nextHop;
  if (remote.family !== 4 || remote.bits === 0n) {
    return end(walk, 'dropped', sending, {
      element: 'tunnel',
      detail: `${device.name} has no other end for this packet`,
      evidence: [device.place],
      reason: 'no-tunnel-endpoint',
    });
  }
  const protocol = kind === 'gre' ? PROTOCOL.gre : kind === 'sit' ? SIT_PROTOCOL : PROTOCOL.ipip;
  return sendOuter(walk, sending, device, remote, { header: { kind }, protocol });
}

function sendOuter(
  walk: Walk,
  { namespace, buffer }: Transmission,
  device: Interface,
  remote: IpAddress,
  outer: { readonly header: TunnelHeader; readonly protocol: number; readonly destinationPort?: number },
): Next {
  const { packet } = buffer;
  const fixed = device.link.details.local;
  const route = namespace.route({ destination: remote, mark: packet.mark, inInterface: 'lo' });
  const way = 'entry' in route ? route.device : undefined;
  const source =
    (typeof fixed === 'string' ? parseAddress(fixed) : undefined) ??
    (way === undefined ? undefined : (namespace.masqueradeAddress(way, remote) ?? undefined));
  if (source === undefined || source.bits === 0n) {
    return end(
      walk,
      route.kind === 'none' ? 'no-route' : 'unknown',
      { namespace, device: device.name, buffer },
      {
        element: 'tunnel',
        detail: `no address to send from to tunnel endpoint ${formatAddress(remote)}`,
        evidence: [device.place],
      },
    );
  }
  // A source that is not one's own has no route (net/ipv4/route.c, `ip_route_output_key_hash_rcu`).
  if (namespace.hasAddress(source) === false) {
    return end(
      walk,
      'dropped',
      { namespace, device: device.name, buffer },
      {
        element: 'tunnel',
        detail: `${device.name} sends from ${formatAddress(source)}, which is no address of this node`,
        evidence: [device.place],
        reason: 'no-tunnel-source',
      },
    );
  }
  addStep(walk, namespace, {
    element: 'tunnel',
    action: 'encapsulate',
    detail: `${outer.header.kind} by ${device.name} from ${formatAddress(source)} to ${formatAddress(remote)}`,
    evidence: [device.place],
  });
  const wrapped: Packet = {
    source,
    destination: remote,
    protocol: outer.protocol,
    ...(outer.destinationPort === undefined ? {} : { destinationPort: outer.destinationPort }),
    mark: packet.mark,
    ttl: OUTER_TTL,
    size:
      (packet.pieceSize ?? packet.size) + OVERHEAD[outer.header.kind] + (remote.family === 6 ? V6_MORE : 0),
    // IP tunnels take over the bit; VXLAN leaves it unset.
    dontFragment: outer.header.kind !== 'vxlan' && packet.dontFragment,
    snat: false,
  };
  const buffered: Buffer = { packet: wrapped, connection: undefined, inner: buffer, tunnel: outer.header };
  return { kind: 'send', namespace, buffer: buffered };
}
