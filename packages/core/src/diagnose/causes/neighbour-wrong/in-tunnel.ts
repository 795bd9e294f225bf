import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { rewriteByAgent } from '../shared/agent.ts';
import { whereOf } from '../shared/place.ts';
import {
  endpointCommand,
  endpointOf,
  neighbourCommand,
  type VxlanHop,
  vxlanHops,
} from '../shared/vxlan-hop.ts';

/** The hardware address that a node knows for the other end of its tunnel is not that of the device there. */
export function findInTunnel(leg: Leg, network: Network): readonly Cause[] {
  return vxlanHops(leg, network).flatMap((hop): readonly Cause[] => {
    const { host, device, nextHop, far, neighbour, neighbourPlace } = hop;
    const known = neighbour?.mac;
    if (known === undefined || far.mac === undefined || neighbourPlace === undefined) return [];
    if (known.toLowerCase() === far.mac.toLowerCase()) return [];
    return [
      {
        cause: 'neighbour-wrong',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: host.node },
        text: `${host.node} knows ${formatAddress(nextHop)}, the end of ${device.name} on ${far.node}, by the hardware address ${known}, but the device there is ${far.mac} and drops frames for others.`,
        evidence: [neighbourPlace, ...far.evidence],
        remedies: [setBoth(hop, far.mac), rewriteByAgent(network, host.node, 'the entries of the tunnel')],
      },
    ];
  });
}

function setBoth(hop: VxlanHop, mac: string): CauseRemedy {
  const { farAddress, host, far } = hop;
  const endpoint =
    endpointOf(hop, mac) === undefined && farAddress !== undefined
      ? [endpointCommand(hop, mac, farAddress)]
      : [];
  return {
    kind: 'node-command',
    text: `Set the hardware address of the device on ${far.node}.`,
    command: [neighbourCommand(hop, mac), ...endpoint].join(' && '),
    where: whereOf(host),
    persistence: 'Until the node reboots, or the network plugin writes its entries again.',
  };
}
