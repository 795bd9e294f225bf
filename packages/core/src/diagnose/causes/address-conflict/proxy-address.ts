import { formatAddress } from '../../../net/address.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { DiagnosisContext, Leg } from '../cause.ts';
import { homeOf } from '../shared/home.ts';
import { whereOf } from '../shared/place.ts';

const PROXY_DEVICE = 'kube-ipvs0';

/** kube-proxy holds addresses of services on a device of every node; one of a pod or node there keeps packets from it. */
export function findProxyAddress(leg: Leg, { network }: DiagnosisContext): readonly Cause[] {
  const { end, hops } = leg.trail;
  const { destination } = end.packet;
  const home = homeOf(network, destination);
  if (home === undefined) return [];
  for (const host of new Set(hops.map(({ namespace }) => namespace))) {
    const device = host.interface(PROXY_DEVICE);
    const text = formatAddress(destination);
    if (!device?.addresses.some(({ address }) => formatAddress(address) === text)) continue;
    const isWrongEnd = end.disposition === 'delivered' && end.namespace === host && home.namespace !== host;
    return [
      {
        cause: 'address-conflict',
        effect: isWrongEnd ? 'blocks' : 'hazard',
        direction: leg.direction,
        subject: { kind: 'node', name: host.node },
        text: `${text} belongs to ${home.name} and stands on ${PROXY_DEVICE} of ${host.node} as well, so ${host.node} keeps packets for it instead of sending them on. A Service has this address as its cluster, external or load-balancer address.`,
        evidence: [device.place, ...home.evidence],
        remedies: [
          {
            kind: 'node-command',
            text: `Take the address off ${PROXY_DEVICE}.`,
            command: `ip addr del ${text}/${destination.family === 4 ? 32 : 128} dev ${PROXY_DEVICE}`,
            where: whereOf(host),
            persistence: 'Until kube-proxy synchronises again.',
          },
          {
            kind: 'manual',
            text: `Take ${text} out of the addresses of the Service that has it, or give the pod or node another one.`,
          },
        ],
      },
    ];
  }
  return [];
}
