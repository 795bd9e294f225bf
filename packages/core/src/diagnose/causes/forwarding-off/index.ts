import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Family } from '../../../net/address.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, Leg } from '../cause.ts';
import { isLost, lastLink } from '../shared/ends.ts';
import { homeOf } from '../shared/home.ts';
import { placeName, whereOf } from '../shared/place.ts';
import { podLinkOf } from '../shared/pod-link.ts';
import { interfaceKey, placeOfSetting } from '../shared/settings.ts';

/** A node or router that does not pass on what is not for itself. */
export const forwardingOff: CauseDefinition = {
  id: 'forwarding-off',
  title: 'forwarding is off',
  find(leg, { network }) {
    const router = routerAt(leg, network);
    if (router === undefined) return [];
    const { namespace, device, harm } = router;
    const key = keyOf(namespace, device, leg.trail.end.packet.destination.family);
    const name = placeName(namespace);
    return [
      {
        cause: 'forwarding-off',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: namespace.node },
        text: `${key} is 0 on ${name}, so it ${harm}`,
        evidence: [placeOfSetting(namespace, key.replaceAll('/', '.'))],
        remedies: remediesOf(namespace, key),
      },
    ];
  },
};

interface Router {
  readonly namespace: Namespace;
  readonly device: string;
  readonly harm: string;
}

function routerAt(leg: Leg, network: Network): Router | undefined {
  const { end } = leg.trail;
  const { namespace, device = '', packet } = end;
  if (end.reason === 'forwarding-off') {
    const home = homeOf(network, packet.destination);
    // A pod that is given the packets of another one is right to drop them.
    if (namespace.name !== '' && home?.isPod === true && home.namespace !== namespace) return undefined;
    return { namespace, device, harm: `drops every packet that comes in by ${device} and is not for itself` };
  }
  return silentProxy(leg, network);
}

/** Proxy ARP answers only where packets would be forwarded (net/ipv4/arp.c, `arp_process`). */
function silentProxy(leg: Leg, network: Network): Router | undefined {
  const last = lastLink(leg);
  if (!isLost(leg) || last?.nextHop.family !== 4) return undefined;
  const link = podLinkOf(network, last.namespace, last.packet.source);
  if (link?.far === undefined || link.bridge !== undefined || link.device.name !== last.device)
    return undefined;
  const { namespace, device } = link.far;
  if (namespace.interfaces?.hasAddresses !== true || namespace.interfaceWith(last.nextHop) !== undefined) {
    return undefined;
  }
  const { settings } = namespace;
  const setting =
    settings.number(`net.ipv4.conf.${device.name}.forwarding`) ?? settings.number('net.ipv4.ip_forward');
  if (setting !== 0 || !device.isUp) return undefined;
  return {
    namespace,
    device: device.name,
    harm: `forwards nothing from ${placeName(link.namespace)} and does not answer for its gateway either`,
  };
}

/** The setting to change: that of the interface only where the others forward. */
function keyOf({ settings }: Namespace, device: string, family: Family): string {
  if (family === 6) return 'net.ipv6.conf.all.forwarding';
  const isOwnOff = settings.number(`net.ipv4.conf.${device}.forwarding`) === 0;
  return isOwnOff && settings.number('net.ipv4.ip_forward') !== 0
    ? interfaceKey(device, 'forwarding')
    : 'net.ipv4.ip_forward';
}

function remediesOf(namespace: Namespace, key: string): readonly CauseRemedy[] {
  const isNode = namespace.name === '';
  return [
    {
      kind: 'set-sysctl',
      text: isNode
        ? 'Turn forwarding on, and keep it on in a file below /etc/sysctl.d.'
        : 'Turn forwarding on in the namespace.',
      command: `sysctl -w ${key}=1`,
      where: whereOf(namespace),
      ...(isNode ? { files: [{ path: '/etc/sysctl.d/90-forwarding.conf', content: `${key} = 1\n` }] } : {}),
    },
  ];
}
