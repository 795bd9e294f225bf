import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, Leg } from '../cause.ts';
import { isAstray, lastHop } from '../shared/ends.ts';
import { ipCommand } from '../shared/expected-route.ts';
import { homeOf } from '../shared/home.ts';
import { placeName, subjectOf, whereOf } from '../shared/place.ts';
import { type PodLink, podLinkOf } from '../shared/pod-link.ts';
import { podGateway, podRouteCommands } from '../shared/pod-routes.ts';

/** A pod whose link is down at one of its ends, or has lost one. */
export const podInterfaceDown: CauseDefinition = {
  id: 'pod-interface-down',
  title: 'interface of the pod is down',
  find(leg, { network }) {
    if (!isAstray(leg)) return [];
    const link = linkAtEnd(leg, network);
    if (link === undefined) return [];
    const { device, far, bridge, namespace } = link;
    const cause = { leg, link, network };
    if (!device.isUp) {
      return [
        causeOf(
          cause,
          `${device.name} in ${placeName(namespace)} is down, and with it its routes are gone`,
          insideUp(link, network),
        ),
      ];
    }
    if (far === undefined) return findLost(leg, link, network);
    if (!far.device.isUp) {
      const text = `${far.device.name} on ${namespace.node}, the node's end of ${device.name} in ${placeName(namespace)}, is down`;
      return [causeOf(cause, text, outsideUp(link))];
    }
    if (bridge !== undefined && !bridge.isUp) {
      const text = `${bridge.name} on ${namespace.node}, which connects ${placeName(namespace)}, is down`;
      return [causeOf(cause, text, onNode(link, `ip link set ${bridge.name} up`))];
    }
    return [];
  },
};

/** The link of the pod at which the walk ended: that of the sender, or that of the pod that the node could not hand it to. */
function linkAtEnd(leg: Leg, network: Network): PodLink | undefined {
  const { namespace, packet } = leg.trail.end;
  if (namespace.name !== '') {
    const own = network.ownersOf(packet.destination).includes(namespace) ? packet.destination : packet.source;
    return podLinkOf(network, namespace, own);
  }
  const home = homeOf(network, packet.destination);
  if (home?.namespace === undefined || home.node !== namespace.node || lastHop(leg)?.inner !== undefined) {
    return undefined;
  }
  return podLinkOf(network, home.namespace, packet.destination);
}

interface Found {
  readonly leg: Leg;
  readonly link: PodLink;
  readonly network: Network;
}

function causeOf({ leg, link }: Found, text: string, first: CauseRemedy): Cause {
  const places = [link.device, link.far?.device, link.bridge].filter((device) => device?.isUp === false);
  return {
    cause: 'pod-interface-down',
    effect: 'blocks',
    direction: leg.direction,
    subject: subjectOf(link.namespace),
    text: `${text}.`,
    evidence: places.flatMap((device) => device?.place ?? []),
    remedies: [
      first,
      {
        kind: 'manual',
        text: 'Find what took the interface down; deleting the pod makes a new one with new interfaces.',
      },
    ],
  };
}

/** Routes of a pod go with its interface, and its IPv6 addresses as well. */
function insideUp(link: PodLink, network: Network): CauseRemedy {
  const { namespace, device } = link;
  const routes = ([4, 6] as const).flatMap((family) => {
    const gateway = podGateway(network, link, family);
    return gateway === undefined || !hasFamily(link, family) ? [] : podRouteCommands(link, gateway);
  });
  return {
    kind: 'node-command',
    text: 'Bring the interface up and set the routes of the pod again.',
    command: [`ip link set ${device.name} up`, ...routes].join(' && '),
    where: whereOf(namespace),
  };
}

function hasFamily({ device }: PodLink, family: IpAddress['family']): boolean {
  return device.addresses.some(({ address, scope }) => address.family === family && scope === 'global');
}

function outsideUp(link: PodLink): CauseRemedy {
  const { far, bridge, device, namespace } = link;
  const name = far?.device.name ?? '';
  // The kernel takes the routes by an interface away when it goes down (net/ipv4/fib_frontend.c, `fib_disable_ip`).
  const routes = device.addresses
    .filter(({ scope }) => scope === 'global' && bridge === undefined)
    .filter(({ address }) => !isRouted(link, address))
    .map(({ address }) => {
      const scope = address.family === 4 ? ' scope link' : '';
      return `${ipCommand(address)} route replace ${formatAddress(address)} dev ${name}${scope}`;
    });
  return {
    ...onNode(link, [`ip link set ${name} up`, ...routes].join(' && ')),
    where: { node: namespace.node },
  };
}

function isRouted({ far }: PodLink, address: IpAddress): boolean {
  const route = far?.namespace.route({ destination: address, mark: 0, inInterface: 'lo' });
  return route?.kind === 'unicast' && route.device === far?.device.name;
}

function onNode({ namespace }: PodLink, command: string): CauseRemedy {
  return {
    kind: 'node-command',
    text: 'Bring the interface up, with the routes that went with it.',
    command,
    where: { node: namespace.node },
  };
}

/** The other end is nowhere: neither on the node nor in any other namespace of it that was collected. */
function findLost(leg: Leg, link: PodLink, network: Network): readonly Cause[] {
  const { device, namespace } = link;
  const host = network.nodes.get(namespace.node)?.host;
  const { index, peerIndex } = device.link;
  if (host?.interfaces?.isComplete !== true || index === undefined || peerIndex === undefined) return [];
  const isThere = [...host.interfaces.all.values()].some(({ link: other }) => other.index === peerIndex);
  if (isThere || device.link.kind !== 'veth') return [];
  return [
    {
      cause: 'pod-interface-down',
      effect: 'blocks',
      direction: leg.direction,
      subject: subjectOf(namespace),
      text: `The node's end of ${device.name} in ${placeName(namespace)} is missing: ${namespace.node} has no interface with index ${peerIndex}.`,
      evidence: [device.place, { file: host.interfaces.file }],
      remedies: [
        {
          kind: 'manual',
          text: 'Delete the pod, so that a new one gets a new link; a link that has lost an end can not be repaired.',
        },
      ],
    },
  ];
}
