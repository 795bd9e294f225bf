import type { Interface } from '../../../datapath/convert/interfaces.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import { formatPrefix, prefixContains, prefixOf } from '../../../net/prefix.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { lastHop } from '../shared/ends.ts';
import { ipCommand } from '../shared/expected-route.ts';
import { whereOf } from '../shared/place.ts';

/** A node that has lost the route to a network that one of its interfaces stands on. */
export function findConnectedRoute(leg: Leg): readonly Cause[] {
  const { end, steps } = leg.trail;
  const last = lastHop(leg);
  if (end.disposition !== 'no-route' || last === undefined || end.namespace.name !== '') return [];
  // Inside a tunnel, the outer packet is the one that has no route.
  const { destination } = last.inner === undefined ? end.packet : last.packet;
  const found = interfaceOn(end.namespace.interfaces?.all.values() ?? [], destination);
  if (found === undefined) return [];
  const { device, own, prefix } = found;
  const { node } = end.namespace;
  const route = `${formatPrefix(prefix)} dev ${device.name}`;
  const scope = destination.family === 4 ? ` scope link src ${formatAddress(own)}` : '';
  return [
    {
      cause: 'host-route-missing',
      effect: 'blocks',
      direction: leg.direction,
      subject: { kind: 'node', name: node },
      text: `${node} has no route to ${formatAddress(destination)}, although its ${device.name} (${formatAddress(own)}) stands on ${formatPrefix(prefix)}.`,
      evidence: [...(steps.at(-1)?.evidence ?? []), device.place],
      remedies: [
        {
          kind: 'node-command',
          text: `Set the route ${route}, which the kernel makes by itself when the address is added.`,
          command: `${ipCommand(destination)} route replace ${route} proto kernel${scope}`,
          where: whereOf(end.namespace),
        },
        {
          kind: 'manual',
          text: `Find what took the route away on ${node}: a network manager that was reconfigured, or a script.`,
        },
      ],
    },
  ];
}

function interfaceOn(interfaces: Iterable<Interface>, destination: IpAddress) {
  for (const device of interfaces) {
    if (!device.isUp) continue;
    for (const { address, prefixLength } of device.addresses) {
      const prefix = prefixOf(address, prefixLength);
      if (prefixContains(prefix, destination)) return { device, own: address, prefix };
    }
  }
  return undefined;
}
