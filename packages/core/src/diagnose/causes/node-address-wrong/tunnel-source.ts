import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { DiagnosisContext, Leg } from '../cause.ts';
import { rewriteByAgent } from '../shared/agent.ts';
import { announcedAddresses } from '../shared/peers.ts';
import { whereOf } from '../shared/place.ts';

/** A tunnel device that sends from an address that its node does not have: the kernel finds no route for such a packet. */
export function findTunnelSource(leg: Leg, { network }: DiagnosisContext): readonly Cause[] {
  const { namespace, device: name } = leg.trail.end;
  const device = name === undefined ? undefined : namespace.interface(name);
  const local = device?.link.details.local;
  if (device === undefined || typeof local !== 'string') return [];
  const right = addressOf(network, namespace.node, device);
  const should = right === undefined ? '' : ` It should be ${formatAddress(right)}.`;
  return [
    {
      cause: 'node-address-wrong',
      effect: 'blocks',
      direction: leg.direction,
      subject: { kind: 'node', name: namespace.node },
      text: `${device.name} on ${namespace.node} sends from ${local}, which no interface of the node has, so the kernel drops every packet for the tunnel.${should}`,
      evidence: [device.place],
      remedies: [
        ...(right === undefined
          ? []
          : [
              {
                kind: 'node-command',
                text: `Let ${device.name} send from the address that the node has.`,
                command: `ip link set dev ${device.name} type ${device.link.kind ?? ''}${idOf(device)} local ${formatAddress(right)}`,
                where: whereOf(namespace),
                persistence: 'Until the network plugin makes the device again.',
              },
            ]),
        rewriteByAgent(network, namespace.node, 'the tunnel device with the address of the node'),
      ],
    },
  ];
}

function idOf({ link: { kind, details } }: Interface): string {
  return kind === 'vxlan' && typeof details.id === 'number' ? ` id ${details.id}` : '';
}

/** The address that the node's object names, if the node has it; else the only one of the interface that the tunnel goes by. */
function addressOf(network: Network, node: string, device: Interface): IpAddress | undefined {
  const host = network.nodes.get(node)?.host;
  const announced = announcedAddresses(network, node).find(
    ({ address }) => address.family === 4 && host?.interfaceWith(address) !== undefined,
  );
  if (announced !== undefined) return announced.address;
  const lower = device.link.details.dev;
  const own = (typeof lower === 'string' ? (host?.interface(lower)?.addresses ?? []) : []).filter(
    ({ address, isSecondary }) => address.family === 4 && !isSecondary,
  );
  return own.length === 1 ? own[0]?.address : undefined;
}
