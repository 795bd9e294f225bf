import { formatAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import { readMac } from '../elements/ovs/value-text.ts';
import type { Namespace } from '../model/namespace.ts';
import { hasFailed } from './find-station.ts';
import { passSwitch } from './ovs.ts';
import { askForMac } from './ovs-arp.ts';
import {
  portBehind,
  portNumber,
  portOf,
  portWithNumber,
  type Switch,
  type SwitchPort,
} from './ovs-switch.ts';
import { tunnelPortFor } from './ovs-tunnel.ts';
import { resolveNeighbour } from './resolve-neighbour.ts';
import { addStep, type Buffer, end, type Next, noteMissing, type Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Sends a packet into the bridge that an interface leads to; undefined where it leads to none. */
export function sendIntoSwitch(walk: Walk, sending: Transmission, own: Interface): Next | undefined {
  const { namespace, device, nextHop, buffer } = sending;
  const behind = portBehind(walk.network, namespace, own);
  if (behind === undefined) return undefined;
  const { found, port } = behind;
  if (port.kind === 'internal' && port.bridge !== undefined) {
    const text = `flows of bridge ${port.bridge} are not collected; it is taken to forward like one without flows`;
    noteMissing(walk, found.file, text);
    return undefined;
  }
  const entry = namespace.neighbour(device, nextHop);
  const neighbours = namespace.neighbours(nextHop.family)?.file ?? '';
  const resolved =
    entry?.mac === undefined
      ? askForMac(walk, found, port, own, nextHop)
      : ({ kind: 'found', mac: readMac(entry.mac) } as const);
  if (entry !== undefined && hasFailed(entry)) {
    const place = placeIn(neighbours, entry);
    const detail = `${formatAddress(nextHop)} did not answer on ${device} (${entry.state})`;
    const text = `${detail}, although it would be answered by Open vSwitch or behind one of its ports`;
    const isAsked =
      resolved.kind === 'found' && walk.choices.unsure({ ...place, text, isMissing: false }, 2) === 1;
    if (!isAsked)
      return end(walk, 'neighbor-unreachable', sending, { element: 'neighbour', detail, evidence: [place] });
  }
  if (resolved.kind === 'nobody') {
    return end(walk, 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: resolved.detail,
      evidence: [resolved.place],
    });
  }
  const unanswered = resolveNeighbour(walk, { ...sending, own, entry }, undefined);
  if (unanswered !== undefined) return unanswered;
  if (nextHop.family === 6 && entry?.mac === undefined)
    noteMissing(walk, found.file, 'whether flows pass the neighbour discovery of IPv6 is not looked at');
  addStep(walk, namespace, {
    element: 'link',
    action: 'transmit',
    detail: `by ${device} to port ${port.name} of Open vSwitch`,
    evidence: [own.place, ...(entry === undefined ? [] : [placeIn(neighbours, entry)])],
  });
  const isSame = namespace === found.namespace;
  const moved: Buffer = {
    ...buffer,
    packet: isSame ? buffer.packet : { ...buffer.packet, mark: 0 },
    connection: undefined,
  };
  const { mac } = own.link;
  return passSwitch(
    walk,
    {
      found,
      port,
      ...(mac === undefined ? {} : { source: readMac(mac) }),
      ...(resolved.kind === 'found' ? { destination: resolved.mac } : {}),
    },
    moved,
  );
}

/**
 * Takes in a packet that arrives at a port of a bridge, and one of a question that begins behind the bridge; undefined where the
 * device is no port, or the bridge has given the packet to the node.
 */
export function receiveAtPort(
  walk: Walk,
  { namespace, device, buffer, isFromSwitch }: Extract<Next, { kind: 'arrive' }>,
): Next | undefined {
  if (isFromSwitch === true) return undefined;
  const at = portOf(walk.network, namespace, device);
  if (at === undefined) return undefined;
  if (at.port.kind !== 'internal') return passSwitch(walk, at, buffer);
  return at.port.bridge === undefined ? fromUncollectedPod(walk, at.found, at.port, buffer) : undefined;
}

/** A pod whose namespace was not collected: the flows tell its port and what its frames look like. */
function fromUncollectedPod(walk: Walk, found: Switch, gateway: SwitchPort, buffer: Buffer): Next {
  const { source, destination } = buffer.packet;
  const numbers = found.tables?.ports;
  const inPort = numbers?.withAddress(formatAddress(source));
  if (numbers === undefined || inPort === undefined || inPort === portNumber(found, gateway)) {
    const detail = `by which port of Open vSwitch packets from ${formatAddress(source)} come is not known`;
    noteMissing(walk, found.file, detail);
    return end(
      walk,
      'unknown',
      { namespace: found.namespace, device: gateway.name, buffer },
      { element: 'ovs', detail, evidence: [{ file: found.file }] },
    );
  }
  noteMissing(
    walk,
    found.file,
    `the pod with ${formatAddress(source)} is taken to send as Antrea sets pods up`,
  );
  const own = numbers.macBehind(inPort);
  const neighbour = numbers.withAddress(formatAddress(destination));
  const { mac } = gateway.device?.link ?? {};
  const target =
    (neighbour === undefined ? undefined : numbers.macBehind(neighbour)) ??
    (mac === undefined ? undefined : readMac(mac));
  return passSwitch(
    walk,
    {
      found,
      port: portWithNumber(found, inPort) ?? { name: `port ${inPort}`, kind: 'other' },
      inPort,
      ...(own === undefined ? {} : { source: own }),
      ...(target === undefined ? {} : { destination: target }),
    },
    buffer,
  );
}

/** Takes the packet inside out of a tunnel that ends at a bridge; undefined where none does. */
export function receiveFromTunnel(walk: Walk, namespace: Namespace, buffer: Buffer): Next | undefined {
  const { inner, tunnel } = buffer;
  const at = tunnelPortFor(walk.network, namespace, buffer);
  if (at === undefined || inner === undefined || tunnel === undefined) return undefined;
  addStep(walk, namespace, {
    element: 'tunnel',
    action: 'decapsulate',
    detail: `${tunnel.kind} by ${at.port.name}`,
    evidence: [{ file: at.found.file }],
  });
  const packet = { ...inner.packet, mark: buffer.packet.mark };
  return passSwitch(
    walk,
    {
      ...at,
      ...(tunnel.mac === undefined ? {} : { destination: readMac(tunnel.mac) }),
      tunnel: { packet: buffer.packet, id: BigInt(tunnel.vni ?? 0) },
    },
    { ...inner, packet, connection: undefined },
  );
}
