import { parseAddress } from '../../net/address.ts';
import type { FieldValues } from '../elements/ovs/field-values.ts';
import { type Frame, fieldsOf, packetOf } from '../elements/ovs/initial-values.ts';
import { type Output, runPipeline } from '../elements/ovs/pipeline.ts';
import type { FlowTables } from '../elements/ovs/tables.ts';
import { formatMac, readMac } from '../elements/ovs/value-text.ts';
import {
  endOf,
  placeOfPort,
  portNumber,
  portWithNumber,
  type Switch,
  type SwitchPort,
} from './ovs-switch.ts';
import { sendThroughTunnel } from './ovs-tunnel.ts';
import { zonesOf } from './ovs-zones.ts';
import { addStep, type Buffer, end, type Next, noteMissing, type Walk } from './walk.ts';

/** A packet that comes to a bridge: the port, and the frame around it as far as it is known. */
export interface SwitchEntry extends Pick<Frame, 'source' | 'destination' | 'tunnel'> {
  readonly found: Switch;
  readonly port: SwitchPort;
  /** The number of the port, where it is known better than by its name. */
  readonly inPort?: bigint;
}

/** Takes a packet into an Open vSwitch bridge, through its flows, and out again. */
export function passSwitch(walk: Walk, entry: SwitchEntry, buffer: Buffer): Next {
  const { found, port, inPort: number, ...frame } = entry;
  const { namespace, tables } = found;
  const where = { namespace, device: port.name, buffer };
  const unknown = (detail: string): Next => {
    noteMissing(walk, found.file, detail);
    return end(walk, 'unknown', where, { element: 'ovs', detail, evidence: [{ file: found.file }] });
  };
  if (port.device?.isUp === false) {
    return end(walk, 'interface-down', where, {
      element: 'link',
      detail: `${port.name} is down`,
      evidence: [port.device.place],
    });
  }
  if (port.bridge !== undefined) return unknown(`flows of bridge ${port.bridge} are not collected`);
  if (tables === undefined) return unknown('not collected: Open vSwitch flows');
  const inPort = number ?? portNumber(found, port);
  if (inPort === undefined) return unknown(`which port of the flows ${port.name} is is not known`);
  const zones = zonesOf(walk, namespace);
  const isFirst = !walk.isEstablished;
  const context = { tables, zones, choices: walk.choices, isReply: walk.isReply };
  if (walk.isEstablished && !walk.isReply) {
    // Packets went before: what the first one opened is there, and was answered.
    const first = fieldsOf(buffer.packet, { ...frame, inPort, isFirst: true, isReply: false });
    runPipeline(first, { ...context, note: () => {} });
    zones.establish();
  }
  const values = fieldsOf(buffer.packet, { ...frame, inPort, isFirst, isReply: walk.isReply });
  const reached = runPipeline(values, {
    ...context,
    note: ({ place, ...step }) => addStep(walk, namespace, { element: 'ovs', ...step, evidence: [place] }),
  });
  // A flow that is missing could have been the one that decides.
  if (!found.isComplete) return unknown('Open vSwitch flows or groups are cut or damaged');
  if (reached.kind === 'out') return leaveByOne(walk, entry, tables, buffer, reached.outputs);
  return end(walk, LOSSES[reached.kind], where, {
    element: 'ovs',
    detail: reached.detail,
    evidence: [reached.place],
  });
}

const LOSSES = { lost: 'dropped', old: 'ttl-expired', refused: 'rejected', unknown: 'unknown' } as const;

/** A copy for a program that listens at a port of the node does not decide where the packet goes. */
function leaveByOne(
  walk: Walk,
  entry: SwitchEntry,
  tables: FlowTables,
  buffer: Buffer,
  outputs: readonly [Output, ...Output[]],
): Next {
  const { found } = entry;
  const different = [...new Map(outputs.map((output) => [output.port, output])).values()];
  const forSomebody = different.filter(({ port, values }) => {
    const target = port === 'normal' ? undefined : portWithNumber(found, port);
    return target?.kind !== 'internal' || isForEnd(target, values);
  });
  const candidates = forSomebody.length === 0 ? different : forSomebody;
  const [first = outputs[0]] = candidates;
  const taken =
    candidates.length === 1
      ? 0
      : walk.choices.unsure(
          { ...first.place, text: 'copies of the packet leave by several ports', isMissing: false },
          candidates.length,
        );
  return leave(walk, entry, tables, buffer, candidates[taken] ?? first);
}

function leave(
  walk: Walk,
  { found, port: inPort }: SwitchEntry,
  tables: FlowTables,
  buffer: Buffer,
  { port: number, values, place }: Output,
): Next {
  const where = { namespace: found.namespace, device: inPort.name, buffer };
  const unknown = (detail: string): Next => {
    walk.choices.unsure({ ...place, text: detail, isMissing: false }, 1);
    return end(walk, 'unknown', where, { element: 'ovs', detail, evidence: [place] });
  };
  const packet = packetOf(values, buffer.packet);
  if (packet === undefined) return unknown('what the flows made of the packet is not known');
  if (values.get('vlan_tci') !== 0n) return unknown('a frame with a VLAN tag is not modelled');
  const changed: Buffer = { ...buffer, packet, connection: undefined };
  const port = number === 'normal' ? learnedPort(found, values) : portWithNumber(found, number);
  if (port !== undefined) return leaveBy(walk, found, port, changed, values);
  if (number === 'normal') return unknown('which port the bridge has learned for the frame is not known');
  const behind = parseAddress(tables.ports.addressBehind(number) ?? '');
  const pod = behind === undefined ? undefined : walk.network.podWith(behind);
  if (pod === undefined) return unknown(`what port ${number} of the flows is is not known`);
  return end(
    walk,
    'left-network',
    { ...where, buffer: changed },
    {
      element: 'ovs',
      detail: `handed to pod ${pod.namespace}/${pod.name}, whose network namespace was not collected`,
      evidence: [place],
    },
  );
}

/** What a bridge without flows would have learned: the port that the frame's destination is behind. */
function learnedPort({ ports }: Switch, values: FieldValues): SwitchPort | undefined {
  return ports.find((port) => {
    const mac = endOf(port)?.link.mac;
    return mac !== undefined && readMac(mac) === values.get('eth_dst');
  });
}

function leaveBy(walk: Walk, found: Switch, port: SwitchPort, buffer: Buffer, values: FieldValues): Next {
  const { namespace } = found;
  const where = { namespace, device: port.name, buffer };
  const evidence = [placeOfPort(found, port)];
  if (port.kind === 'tunnel') return sendThroughTunnel(walk, found, port, buffer, values);
  if (port.kind === 'other') {
    noteMissing(walk, found.file, `what is behind port ${port.name} is not modelled`);
    return end(walk, 'unknown', where, { element: 'ovs', detail: `put out by ${port.name}`, evidence });
  }
  if (port.device?.isUp === false) {
    return end(walk, 'interface-down', where, { element: 'link', detail: `${port.name} is down`, evidence });
  }
  const mtu = port.device?.mtu;
  if (mtu !== undefined && buffer.packet.size > mtu) {
    // `ovs_vport_send` (net/openvswitch/vport.c) cuts nothing up.
    return end(walk, 'too-big', where, {
      element: 'ovs',
      detail: `${buffer.packet.size} bytes do not fit through ${port.name} (${mtu})`,
      evidence,
    });
  }
  const own = endOf(port);
  if (own === undefined) {
    return end(walk, 'left-network', where, {
      element: 'ovs',
      detail: `by ${port.name} to a network namespace that was not collected`,
      evidence,
    });
  }
  if (!isForEnd(port, values)) {
    return end(walk, 'dropped', where, {
      element: 'link',
      detail: `the frame is for ${formatMac(values.get('eth_dst') ?? 0n)}, but ${own.name} behind ${port.name} is ${own.link.mac}`,
      evidence: [own.place],
    });
  }
  addStep(walk, namespace, {
    element: 'link',
    action: 'transmit',
    detail: `by ${port.name} to ${own.name}`,
    evidence,
  });
  if (port.kind === 'internal' || port.far === undefined) {
    return { kind: 'arrive', namespace, device: own.name, buffer, isFromSwitch: true };
  }
  const moved: Buffer = { ...buffer, packet: { ...buffer.packet, mark: 0 } };
  return { kind: 'arrive', namespace: port.far.namespace, device: own.name, buffer: moved };
}

/** Whether the interface behind a port takes the frame: it is for its hardware address, or for several. */
function isForEnd(port: SwitchPort, values: FieldValues): boolean {
  const mac = endOf(port)?.link.mac;
  const destination = values.get('eth_dst');
  if (mac === undefined || destination === undefined) return true;
  return readMac(mac) === destination || (destination >> 40n) % 2n === 1n;
}
