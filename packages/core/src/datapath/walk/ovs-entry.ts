import { formatAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import { readMac } from '../elements/ovs/value-text.ts';
import type { Namespace } from '../model/namespace.ts';
import { passSwitch } from './ovs.ts';
import { askForMac } from './ovs-arp.ts';
import { portBehind, portOf } from './ovs-switch.ts';
import { tunnelPortFor } from './ovs-tunnel.ts';
import { addStep, type Buffer, end, type Next, type Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Sends a packet into the bridge that an interface leads to; undefined where it leads to none. */
export function sendIntoSwitch(walk: Walk, sending: Transmission, own: Interface): Next | undefined {
  const { namespace, device, nextHop, buffer } = sending;
  const behind = portBehind(walk.network, namespace, own);
  if (behind === undefined) return undefined;
  const { found, port } = behind;
  const entry = namespace.neighbour(device, nextHop);
  const neighbours = namespace.neighbours(nextHop.family)?.file ?? '';
  if (entry?.state.includes('FAILED') === true || entry?.state === 'INCOMPLETE') {
    return end(walk, 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: `${formatAddress(nextHop)} did not answer on ${device} (${entry.state})`,
      evidence: [placeIn(neighbours, entry)],
    });
  }
  const resolved =
    entry?.mac === undefined
      ? askForMac(walk, found, port, own, nextHop)
      : ({ kind: 'found', mac: readMac(entry.mac) } as const);
  if (resolved.kind === 'nobody') {
    return end(walk, 'neighbor-unreachable', sending, {
      element: 'neighbour',
      detail: resolved.detail,
      evidence: [resolved.place],
    });
  }
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

/** Takes in a packet that arrives at a port of a bridge; undefined where the device is none. */
export function receiveAtPort(
  walk: Walk,
  { namespace, device, buffer, isFromSwitch }: Extract<Next, { kind: 'arrive' }>,
): Next | undefined {
  if (isFromSwitch === true) return undefined;
  const at = portOf(walk.network, namespace, device);
  return at === undefined || at.port.kind === 'internal' ? undefined : passSwitch(walk, at, buffer);
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
