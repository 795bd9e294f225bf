import { formatAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { rewriteByAgent } from '../shared/agent.ts';
import { isLost } from '../shared/ends.ts';
import { whereOf } from '../shared/place.ts';
import {
  endpointCommand,
  endpointOf,
  neighbourCommand,
  type VxlanHop,
  vxlanHops,
} from '../shared/vxlan-hop.ts';
import { findNoDevice } from './no-device.ts';

/** A node that does not know where the other end of its tunnel is, or an end that does not take the packets. */
export const tunnelEndpointUnknown: CauseDefinition = {
  id: 'tunnel-endpoint-unknown',
  title: 'other end of the tunnel is unknown',
  find(leg, context) {
    if (!isLost(leg)) return [];
    const { reason } = leg.trail.end;
    if (reason === 'no-tunnel-device') return findNoDevice(leg, context);
    if (reason !== 'no-tunnel-neighbour' && reason !== 'no-tunnel-endpoint') return [];
    const hop = vxlanHops(leg, context.network).at(-1);
    return hop === undefined ? [withoutName(leg)] : [missingEntry(leg, context, hop)];
  },
};

function missingEntry(leg: Leg, { network }: DiagnosisContext, hop: VxlanHop): Cause {
  const { host, device, far, nextHop, neighbour, neighbourPlace } = hop;
  const address = formatAddress(nextHop);
  const missing =
    neighbour?.mac === undefined
      ? `has no hardware address for ${address}, the end of ${device.name} on ${far.node}`
      : `does not know which node ${neighbour.mac} is on, the hardware address of ${far.node} in ${device.name}`;
  const table = neighbour?.mac === undefined ? host.neighbours(nextHop.family)?.file : host.fdb?.file;
  return {
    cause: 'tunnel-endpoint-unknown',
    effect: 'blocks',
    direction: leg.direction,
    subject: { kind: 'node', name: host.node },
    text: `${host.node} ${missing}, so it drops packets for ${far.node} instead of sending them through the tunnel.`,
    evidence: [
      ...(neighbour?.mac === undefined && neighbourPlace !== undefined
        ? [neighbourPlace]
        : table === undefined
          ? []
          : [{ file: table }]),
      ...far.evidence,
    ],
    remedies: [...addEntries(hop), rewriteByAgent(network, host.node, 'the entries of the tunnel')],
  };
}

function addEntries(hop: VxlanHop): readonly CauseRemedy[] {
  const mac = hop.far.mac ?? hop.neighbour?.mac;
  if (mac === undefined) return [];
  const needsEndpoint = endpointOf(hop, mac) === undefined;
  if (needsEndpoint && hop.farAddress === undefined) return [];
  const commands = [
    ...(hop.neighbour?.mac === undefined ? [neighbourCommand(hop, mac)] : []),
    ...(needsEndpoint && hop.farAddress !== undefined ? [endpointCommand(hop, mac, hop.farAddress)] : []),
  ];
  return [
    {
      kind: 'node-command',
      text: `Add what is missing about ${hop.far.node}.`,
      command: commands.join(' && '),
      where: whereOf(hop.host),
      persistence: 'Until the node reboots, or the network plugin writes its entries again.',
    },
  ];
}

/** Nobody knows whose the next hop is. */
function withoutName({ trail: { end, steps }, direction }: Leg): Cause {
  const { node } = end.namespace;
  const last = steps.at(-1);
  return {
    cause: 'tunnel-endpoint-unknown',
    effect: 'blocks',
    direction,
    subject: { kind: 'node', name: node },
    text: `${node} does not know where the other end of its tunnel ${end.device ?? ''} is: ${last?.detail ?? 'it has no entry'}.`,
    evidence: last?.evidence ?? [],
    remedies: [
      {
        kind: 'manual',
        text: `Restart the agent of the network plugin on ${node}, which writes the entries of the tunnel.`,
      },
    ],
  };
}
