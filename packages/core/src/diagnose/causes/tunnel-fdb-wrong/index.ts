import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress, type IpAddress, isSameAddress, parseAddress } from '../../../net/address.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { CauseDefinition, Leg } from '../cause.ts';
import { rewriteByAgent } from '../shared/agent.ts';
import { isAstray } from '../shared/ends.ts';
import { isAddressOfNode, nodeWith } from '../shared/peers.ts';
import { whereOf } from '../shared/place.ts';
import { endpointCommand, endpointOf, type VxlanHop, vxlanHops } from '../shared/vxlan-hop.ts';

/** A forwarding database that sends packets for one node to another, or to nobody. */
export const tunnelFdbWrong: CauseDefinition = {
  id: 'tunnel-fdb-wrong',
  title: 'forwarding database names the wrong node',
  find(leg, { network }) {
    if (!isAstray(leg)) return [];
    return vxlanHops(leg, network).flatMap((hop) => findAt(leg, network, hop));
  },
};

function findAt(leg: Leg, network: Network, hop: VxlanHop): readonly Cause[] {
  const { host, device, far, farAddress, neighbour } = hop;
  const mac = neighbour?.mac;
  // An entry for another hardware address is not the fault of this table.
  if (mac === undefined || (far.mac !== undefined && far.mac.toLowerCase() !== mac.toLowerCase())) return [];
  const entry = endpointOf(hop, mac);
  const used = entry?.destination === undefined ? undefined : parseAddress(entry.destination);
  if (entry === undefined || used === undefined || !isElsewhere(network, used, farAddress, far.node))
    return [];
  const other = nodeWith(network, used);
  const whose = other === undefined ? 'which no node has' : `which is ${other}`;
  const should = farAddress === undefined ? '' : `; ${far.node} is ${formatAddress(farAddress)}`;
  return [
    {
      cause: 'tunnel-fdb-wrong',
      effect: 'blocks',
      direction: leg.direction,
      subject: { kind: 'node', name: host.node },
      text: `The forwarding database of ${device.name} on ${host.node} sends packets for ${mac} (${far.node}) to ${formatAddress(used)}, ${whose}${should}.`,
      evidence: [placeIn(host.fdb?.file ?? '', entry), ...far.evidence],
      remedies: [
        ...(farAddress === undefined
          ? []
          : [
              {
                kind: 'node-command',
                text: `Let the entry name ${far.node}.`,
                command: endpointCommand(hop, mac, farAddress),
                where: whereOf(host),
              },
            ]),
        rewriteByAgent(network, host.node, 'the forwarding database'),
      ],
    },
  ];
}

/** Whether an address is surely not one of the node. What its object names wrongly is another cause. */
function isElsewhere(
  network: Network,
  used: IpAddress,
  expected: IpAddress | undefined,
  node: string,
): boolean {
  if (expected !== undefined && isSameAddress(used, expected)) return false;
  if (isAddressOfNode(network, node, used)) return false;
  const other = nodeWith(network, used);
  return (
    (other !== undefined && other !== node) || network.nodes.get(node)?.host.interfaces?.isComplete === true
  );
}
