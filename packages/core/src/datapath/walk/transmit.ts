import { formatAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import type { Namespace } from '../model/namespace.ts';
import { answersFor, askerOf, carries } from './answers.ts';
import { passBridge } from './bridge.ts';
import { isIsolatedFrom, noteVlans } from './bridge-ports.ts';
import { encapsulate } from './encapsulate.ts';
import { passLinkChains } from './link-chains.ts';
import { sendIntoSwitch } from './ovs-entry.ts';
import { hasMac, type Segment, segmentOf } from './stations.ts';
import type { Station } from './veth.ts';
import { addStep, type Buffer, type End, end, type Next, noteMissing, type Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Puts a packet on a link, to whoever answers for the next hop (net/core/neighbour.c and the driver of the device). */
export function transmit(walk: Walk, sending: Transmission): Next {
  const { namespace, device, buffer } = sending;
  const own = namespace.interface(device);
  if (own?.link.linkType === 'loopback' || device === 'lo') {
    return { kind: 'arrive', namespace, device, buffer, isLooped: true };
  }
  if (own === undefined) return offTheMap(walk, sending);
  // Without a carrier the queue of a device throws everything away (net/sched/sch_generic.c, `dev_deactivate`).
  if (!own.isUp || own.link.flags.includes('NO-CARRIER')) {
    return end(walk, 'interface-down', sending, {
      element: 'link',
      detail: own.isUp ? `${device} has no carrier` : `${device} is down`,
      evidence: [own.place],
    });
  }
  const filtered = passLinkChains(
    walk,
    { namespace, hook: 'egress', inInterface: '', outInterface: device },
    buffer,
  );
  if (filtered !== undefined) return filtered;
  const switched = sendIntoSwitch(walk, sending, own);
  if (switched !== undefined) return switched;
  switch (own.link.kind) {
    case 'dummy':
      return end(walk, 'dropped', sending, {
        element: 'link',
        detail: `${device} is a dummy device, which swallows every packet`,
        evidence: [own.place],
      });
    case 'vxlan':
    case 'ipip':
    case 'gre':
    case 'sit':
      return encapsulate(walk, sending, own);
    case 'tun':
    case 'wireguard':
      return end(walk, 'left-network', sending, {
        element: 'link',
        detail: `${device} hands the packet to a program or tunnel that is not modelled`,
        evidence: [own.place],
      });
    default:
      return cross(walk, sending, own);
  }
}

/** Interfaces were not collected: where the packet goes then is not known. */
function offTheMap(walk: Walk, sending: Transmission): Next {
  const { namespace, device } = sending;
  const isKnown = namespace.interfaces !== undefined;
  return end(walk, isKnown ? 'unknown' : 'left-network', sending, {
    element: 'link',
    detail: isKnown ? `there is no interface ${device}` : `what ${device} is connected to was not collected`,
    ...(namespace.interfaces === undefined ? {} : { evidence: [{ file: namespace.interfaces.file }] }),
  });
}

function cross(walk: Walk, sending: Transmission, own: Interface): Next {
  const { namespace, device, nextHop } = sending;
  const entry = namespace.neighbour(device, nextHop);
  const file = namespace.neighbours(nextHop.family)?.file ?? '';
  for (const damage of walk.network.stationDamage) walk.choices.unsure(damage, 1);
  const segment = segmentOf(walk.network, namespace, own, {
    addresses: [nextHop, sending.buffer.packet.destination],
    ...(entry?.mac === undefined ? {} : { mac: entry.mac }),
  });
  if (entry?.state.includes('FAILED') === true || entry?.state === 'INCOMPLETE') {
    return end(walk, 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: `${formatAddress(nextHop)} did not answer on ${device} (${entry.state})`,
      evidence: [placeIn(file, entry)],
    });
  }
  const isFixed =
    entry?.mac !== undefined && (entry.state.includes('PERMANENT') || entry.state.includes('NOARP'));
  const station = find(walk, sending, segment, own, entry?.mac, isFixed);
  if (station === undefined) return nobody(walk, sending, segment, own);
  if (isIsolatedFrom(station)) {
    return end(walk, entry?.mac === undefined ? 'neighbor-unreachable' : 'dropped', sending, {
      element: 'bridge',
      detail: `${station.bridge?.device.name} passes nothing from one isolated port to another`,
      evidence: [station.bridge?.device.place ?? own.place],
    });
  }
  noteVlans(walk, own);
  addStep(walk, namespace, {
    element: 'link',
    action: 'transmit',
    detail: `by ${device} to ${stationName(station)}`,
    evidence: [own.place, ...(entry === undefined ? [] : [placeIn(file, entry)])],
  });
  return tooLongFor(walk, sending, own, station) ?? arriveAt(walk, namespace, sending.buffer, station);
}

/** Room that a veth device leaves for a VLAN tag. */
const TAG_ROOM = 4;

/**
 * The other end of a veth pair takes no frames that are longer than its own MTU says (include/linux/netdevice.h,
 * `__is_skb_forwardable`).
 */
function tooLongFor(
  walk: Walk,
  { buffer, namespace, device }: Transmission,
  own: Interface,
  station: Station,
): End | undefined {
  if (own.link.kind !== 'veth') return undefined;
  const { bridge } = station;
  const far = bridge === undefined ? station.device : bridge.namespace.interface(bridge.inPort);
  if (far?.link.kind !== 'veth' || far.mtu === undefined) return undefined;
  const { packet } = buffer;
  const size = packet.pieceSize ?? packet.size;
  if (size <= far.mtu + TAG_ROOM) return undefined;
  return end(
    walk,
    'dropped',
    { namespace, device, buffer },
    {
      element: 'link',
      detail: `${far.name}, the other end of ${device}, takes ${far.mtu} bytes, not ${size}`,
      evidence: [far.place],
    },
  );
}

/**
 * Who takes the frame: with a known hardware address whoever has it, else whoever answers for the next hop. Where several
 * namespaces do, as with an address that was given out twice, it depends on who is faster.
 */
function find(
  walk: Walk,
  { namespace, nextHop, buffer }: Transmission,
  { stations }: Segment,
  own: Interface,
  mac: string | undefined,
  isFixed: boolean,
): Station | undefined {
  const known = mac === undefined ? [] : onePerNamespace(stations.filter((station) => hasMac(station, mac)));
  if (known.length > 0 || isFixed) return pick(walk, known, own, `have the hardware address ${mac}`);
  const asker = askerOf(namespace, own, buffer.packet.source, nextHop);
  const answering = stations.filter((station) => answersFor(station, nextHop, asker));
  const carrying = answering.filter(({ device }) => carries(device, nextHop));
  const found = onePerNamespace(carrying.length > 0 ? carrying : answering);
  return pick(walk, found, own, `answer for ${formatAddress(nextHop)}`);
}

function onePerNamespace(stations: readonly Station[]): readonly Station[] {
  return [
    ...new Map([...stations].reverse().map((station) => [station.namespace, station])).values(),
  ].reverse();
}

function pick(walk: Walk, found: readonly Station[], own: Interface, does: string): Station | undefined {
  const [first, second] = found;
  if (first === undefined || second === undefined) return first;
  const text = `${stationName(first)} and ${stationName(second)} both ${does}`;
  return found[walk.choices.unsure({ ...own.place, text, isMissing: false }, found.length)];
}

function stationName({ namespace, device }: Station): string {
  const place = namespace.name === '' ? namespace.node : `${namespace.node}/${namespace.name}`;
  return `${device.name} of ${place}`;
}

/** A mark stays on its node's namespace; another one starts without (net/core/skbuff.c, `skb_scrub_packet`). */
function arriveAt(walk: Walk, from: Namespace, buffer: Buffer, station: Station): Next {
  const moved: Buffer =
    station.namespace === from
      ? buffer
      : { ...buffer, packet: { ...buffer.packet, mark: 0 }, connection: undefined };
  if (station.bridge !== undefined) return passBridge(walk, moved, station);
  return { kind: 'arrive', namespace: station.namespace, device: station.device.name, buffer: moved };
}

/** Nobody that was collected takes the packet. */
function nobody(walk: Walk, sending: Transmission, segment: Segment, own: Interface): Next {
  const { namespace, device, nextHop, buffer } = sending;
  const text = formatAddress(nextHop);
  if (!segment.isOpen) {
    return end(walk, 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: `nobody answers for ${text} on ${device}`,
      evidence: [own.place],
    });
  }
  const pods = walk.network
    .podsWith(buffer.packet.destination)
    .filter(({ node }) => node === namespace.node)
    .map((pod) => `${pod.namespace}/${pod.name}`);
  if (pods.length > 0 && text === formatAddress(buffer.packet.destination)) {
    return end(walk, 'left-network', sending, {
      element: 'link',
      detail: `handed to pod ${pods.join(' or ')}, whose network namespace was not collected`,
      evidence: [own.place],
    });
  }
  if (walk.network.ownersOf(nextHop).some((owner) => owner !== namespace)) {
    return end(walk, 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: `${text} was collected, but ${device} does not lead to it`,
      evidence: [own.place],
    });
  }
  const beyond = behindRouter(walk, sending, segment);
  if (beyond !== undefined) return beyond;
  return end(walk, 'left-network', sending, {
    element: 'link',
    detail: `by ${device} to ${text}, which was not collected`,
    evidence: [own.place],
  });
}

/** A router that was not collected may lead to a node that was. That it does is named as an assumption. */
function behindRouter(
  walk: Walk,
  { namespace, nextHop, buffer }: Transmission,
  segment: Segment,
): Next | undefined {
  const { destination } = buffer.packet;
  if (nextHop.bits === destination.bits) return undefined;
  const owners = walk.network
    .ownersOf(destination)
    .filter((owner) => owner !== namespace && owner.name === '');
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return undefined;
  const station = segment.stations.find(
    (candidate) => candidate.namespace === owner && owner.interfaceWith(destination) === candidate.device,
  );
  if (station === undefined) return undefined;
  const file = namespace.routing(destination.family).routeFile;
  noteMissing(
    walk,
    file,
    `router ${formatAddress(nextHop)} was not collected; it is taken to lead to node ${owner.node}`,
  );
  return arriveAt(walk, namespace, buffer, station);
}
