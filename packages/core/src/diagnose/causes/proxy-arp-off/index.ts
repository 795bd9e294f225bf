import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Hop } from '../../../datapath/walk/walk.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { isLost, lastLink } from '../shared/ends.ts';
import { placeName, subjectOf } from '../shared/place.ts';
import { type PodLink, podLinkOf } from '../shared/pod-link.ts';
import { interfaceKey, placeOfSetting } from '../shared/settings.ts';

/** A node that does not answer for the gateway of its pods, which nobody else has. */
export const proxyArpOff: CauseDefinition = {
  id: 'proxy-arp-off',
  title: 'node does not answer for the gateway of its pods',
  find(leg, context) {
    const last = lastLink(leg);
    if (isLost(leg) && last !== undefined) return findAt(leg, context, last, 'blocks');
    if (leg.trail.end.disposition !== 'delivered') return [];
    return leg.trail.hops.flatMap((hop) => findAt(leg, context, hop, 'hazard'));
  },
};

function findAt(
  leg: Leg,
  { network }: DiagnosisContext,
  { kind, namespace, device, nextHop, packet }: Hop,
  effect: Cause['effect'],
): readonly Cause[] {
  if (kind !== 'transmit' || nextHop?.family !== 4) return [];
  const link = podLinkOf(network, namespace, packet.source);
  if (link?.far === undefined || link.bridge !== undefined || link.device.name !== device) return [];
  const host = link.far.namespace;
  if (host.interfaces?.hasAddresses !== true || host.interfaceWith(nextHop) !== undefined) return [];
  const name = link.far.device.name;
  // Some plugins give pods a fixed entry and need no answers.
  const entry = namespace.neighbour(device, nextHop);
  if (effect === 'hazard' && entry !== undefined && /PERMANENT|NOARP/.test(entry.state)) return [];
  if (host.settings.greater('proxy_arp', name) === 0) return [switchedOff(leg, link, host, nextHop, effect)];
  if (effect === 'hazard') return [];
  const route = host.route({ destination: nextHop, mark: 0, inInterface: name });
  if (route.kind === 'unknown' || (route.kind === 'unicast' && route.device !== name)) return [];
  return [withoutRoute(leg, link, host, nextHop)];
}

function switchedOff(
  leg: Leg,
  link: PodLink,
  host: Namespace,
  gateway: IpAddress,
  effect: Cause['effect'],
): Cause {
  const name = link.far?.device.name ?? '';
  const key = `net.ipv4.conf.${name}.proxy_arp`;
  const harm =
    effect === 'blocks'
      ? 'so nobody answers for it'
      : 'so nobody answers for it as soon as the pod forgets its hardware address';
  return {
    cause: 'proxy-arp-off',
    effect,
    direction: leg.direction,
    subject: subjectOf(link.namespace),
    text: `The gateway ${formatAddress(gateway)} of ${placeName(link.namespace)} exists nowhere, ${host.node} answers for it, and ${key} is 0, ${harm}.`,
    evidence: [placeOfSetting(host, key)],
    remedies: [
      {
        kind: 'set-sysctl',
        text: `Turn proxy ARP on for ${name}.`,
        command: `sysctl -w ${interfaceKey(name, 'proxy_arp')}=1`,
        where: { node: host.node },
      },
      {
        kind: 'manual',
        text: `Find what sets it to 0 on ${host.node}: files below /etc/sysctl.d that name conf.all or conf.default, or a hardening tool. The network plugin sets it when it makes the interface.`,
      },
    ],
  };
}

/** Proxy ARP answers only for what the node would forward by another interface (net/ipv4/arp.c, `arp_fwd_proxy`). */
function withoutRoute(leg: Leg, link: PodLink, host: Namespace, gateway: IpAddress): Cause {
  const text = formatAddress(gateway);
  const uplink = [...(host.interfaces?.all.values() ?? [])].find(
    ({ isUp, addresses, link: { kind, linkType } }) =>
      isUp &&
      kind === undefined &&
      linkType !== 'loopback' &&
      addresses.some(({ address }) => address.family === 4),
  );
  const command =
    uplink === undefined ? {} : { command: `ip route replace ${text} dev ${uplink.name} scope link` };
  return {
    cause: 'proxy-arp-off',
    effect: 'blocks',
    direction: leg.direction,
    subject: subjectOf(link.namespace),
    text: `${host.node} has no route by which ${text}, the gateway of ${placeName(link.namespace)}, could be reached, and proxy ARP answers only for what has one.`,
    evidence: [{ file: host.routing(4).routeFile }],
    remedies: [
      {
        kind: 'node-command',
        text: `Give ${host.node} a default route again, or a route for the gateway alone.`,
        ...command,
        where: { node: host.node },
      },
    ],
  };
}
