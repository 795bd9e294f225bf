import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { placeName, whereOf } from '../shared/place.ts';

/** Who made the packets, and the interface that told how big they may be. */
export interface Sender {
  readonly namespace: Namespace;
  readonly device: Interface;
  readonly mtu: number;
}

/** The sender of a leg; undefined where it was not collected. */
export function senderOf({ trail: { hops } }: Leg): Sender | undefined {
  const [first, second] = hops;
  if (first?.kind !== 'send' || second?.kind !== 'transmit' || second.namespace !== first.namespace)
    return undefined;
  const { namespace, packet } = second;
  const device = second.device === undefined ? undefined : namespace.interface(second.device);
  const route = namespace.route({ destination: packet.destination, mark: packet.mark, inInterface: 'lo' });
  const mtu = ('entry' in route ? route.entry.route.mtu : undefined) ?? device?.mtu;
  return device === undefined || mtu === undefined ? undefined : { namespace, device, mtu };
}

/** Lets a sender make packets that fit. */
export function shrink({ namespace, device }: Sender, mtu: number): readonly CauseRemedy[] {
  const later: CauseRemedy = {
    kind: 'manual',
    text: 'Set the MTU that the network plugin gives to pods so that the overhead of the tunnel fits into the MTU of the network between the nodes, and make the pods anew.',
  };
  // The card of a node carries more than this way.
  if (namespace.name === '' && device.link.kind === undefined) return [later];
  return [
    {
      kind: 'node-command',
      text: `Let ${device.name} in ${placeName(namespace)} send packets of at most ${mtu} bytes.`,
      command: `ip link set ${device.name} mtu ${mtu}`,
      where: whereOf(namespace),
      persistence: namespace.name === '' ? 'Until the device is made anew.' : 'For the life of the pod.',
    },
    later,
  ];
}
