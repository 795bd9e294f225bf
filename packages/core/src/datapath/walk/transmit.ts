import { cross } from './cross.ts';
import { encapsulate } from './encapsulate.ts';
import { passLinkChains } from './link-chains.ts';
import { sendIntoSwitch } from './ovs-entry.ts';
import { end, type Next, type Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Puts a packet on a link, to whoever answers for the next hop (net/core/neighbour.c and the driver of the device). */
export function transmit(walk: Walk, sending: Transmission): Next {
  const { namespace, device, buffer } = sending;
  const own = namespace.interface(device);
  if (own?.link.linkType === 'loopback' || device === 'lo') {
    return { kind: 'arrive', namespace, device, buffer, isLooped: true };
  }
  if (own === undefined) return offTheMap(walk, sending);
  // Without a carrier the queue of a device throws everything away (net/sched/sch_generic.c, `dev_deactivate`).
  if (!own.isUp || own.link.flags.includes('NO-CARRIER')) {
    return end(walk, 'interface-down', sending, {
      element: 'link',
      detail: own.isUp ? `${device} has no carrier` : `${device} is down`,
      evidence: [own.place],
    });
  }
  const filtered = passLinkChains(
    walk,
    { namespace, hook: 'egress', inInterface: '', outInterface: device },
    buffer,
  );
  if (filtered !== undefined) return filtered;
  const switched = sendIntoSwitch(walk, sending, own);
  if (switched !== undefined) return switched;
  switch (own.link.kind) {
    case 'dummy':
      return end(walk, 'dropped', sending, {
        element: 'link',
        detail: `${device} is a dummy device, which swallows every packet`,
        evidence: [own.place],
      });
    case 'vxlan':
    case 'ipip':
    case 'gre':
    case 'sit':
      return encapsulate(walk, sending, own);
    case 'tun':
    case 'wireguard':
      return end(walk, 'left-network', sending, {
        element: 'link',
        detail: `${device} hands the packet to a program or tunnel that is not modelled`,
        evidence: [own.place],
      });
    default:
      return cross(walk, sending, own);
  }
}

/** Interfaces were not collected: where the packet goes then is not known. */
function offTheMap(walk: Walk, sending: Transmission): Next {
  const { namespace, device } = sending;
  const isKnown = namespace.interfaces !== undefined;
  return end(walk, isKnown ? 'unknown' : 'left-network', sending, {
    element: 'link',
    detail: isKnown ? `there is no interface ${device}` : `what ${device} is connected to was not collected`,
    ...(namespace.interfaces === undefined ? {} : { evidence: [{ file: namespace.interfaces.file }] }),
  });
}
