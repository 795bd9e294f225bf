import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { answersFor, askerOf } from '../../../datapath/walk/answers.ts';
import { hasFailed } from '../../../datapath/walk/find-station.ts';
import { segmentOf } from '../../../datapath/walk/stations.ts';
import type { Station } from '../../../datapath/walk/veth.ts';
import type { Hop } from '../../../datapath/walk/walk.ts';
import { formatAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { ipCommand } from '../shared/expected-route.ts';
import { placeName, subjectOf, whereOf } from '../shared/place.ts';

type Link = Hop & Required<Pick<Hop, 'device' | 'nextHop'>>;

/** A neighbour entry on an ordinary link that stopped the packet, or led it to somebody else. */
export function findOnLink(leg: Leg, network: Network, isLost: boolean): readonly Cause[] {
  const { hops } = leg.trail;
  return hops.flatMap((hop, index): readonly Cause[] => {
    const { device, nextHop } = hop;
    if (hop.kind !== 'transmit' || device === undefined || nextHop === undefined) return [];
    const own = hop.namespace.interface(device);
    if (own === undefined || ['vxlan', 'ipip', 'gre', 'sit'].includes(own.link.kind ?? '')) return [];
    const entry = hop.namespace.neighbour(device, nextHop);
    const file = hop.namespace.neighbours(nextHop.family)?.file;
    if (entry === undefined || file === undefined) return [];
    const link: Link = { ...hop, device, nextHop };
    const right = ownerOnLink(network, link);
    const evidence = [placeIn(file, entry), ...(right === undefined ? [] : [right.device.place])];
    const next = hops[index + 1];
    if (hasFailed(entry)) {
      if (next !== undefined) return [];
      const cause = causeOf(leg, link, silent(link, entry.state, right), evidence, right, 'del');
      // The kernel asks again with the next packet, and whoever should answer may do so then.
      return [isLost ? cause : { ...cause, effect: 'hazard' }];
    }
    const wanted = right?.device.link.mac?.toLowerCase();
    const known = entry.mac?.toLowerCase();
    if (right === undefined || wanted === undefined || known === undefined || known === wanted) return [];
    // The packet went on to the right one all the same.
    if (next?.namespace === right.namespace) return [];
    return [causeOf(leg, link, wrong(link, known, right), evidence, right, 'replace')];
  });
}

/** Who should answer on the link: the only other end, or who has the address. */
function ownerOnLink(network: Network, { namespace, device, nextHop, packet }: Link): Station | undefined {
  const own = namespace.interface(device);
  if (own === undefined) return undefined;
  const segment = segmentOf(network, namespace, own, { addresses: [nextHop] });
  const { isOpen } = segment;
  const stations = segment.stations.filter(({ isDoubtful }) => isDoubtful !== true);
  const [first] = stations;
  if (!isOpen && first !== undefined && stations.length === 1) return first;
  const asker = askerOf(namespace, own, packet.source, nextHop);
  const answering = stations.filter((station) => answersFor(station, nextHop, asker));
  return answering.find(({ namespace: other }) => other.interfaceWith(nextHop) !== undefined) ?? answering[0];
}

function silent({ namespace, device, nextHop }: Link, state: string, right: Station | undefined): string {
  const text = `${placeName(namespace)} got no answer from ${formatAddress(nextHop)} on ${device} (${state})`;
  return right === undefined
    ? `${text}, and nothing that was collected would answer`
    : `${text}, although ${stationName(right)} should answer`;
}

function wrong({ namespace, device, nextHop }: Link, known: string, right: Station): string {
  return `${placeName(namespace)} knows ${formatAddress(nextHop)} on ${device} by the hardware address ${known}, but it is ${stationName(right)}, which is ${right.device.link.mac ?? ''}`;
}

function stationName({ namespace, device }: Station): string {
  return `${device.name} of ${placeName(namespace)}`;
}

function causeOf(
  leg: Leg,
  link: Link,
  text: string,
  evidence: Cause['evidence'],
  right: Station | undefined,
  action: 'del' | 'replace',
): Cause {
  const { namespace, device, nextHop } = link;
  const ip = ipCommand(nextHop);
  const mac = right?.device.link.mac;
  const command =
    action === 'replace' && mac !== undefined
      ? `${ip} neigh replace ${formatAddress(nextHop)} lladdr ${mac} dev ${device} nud reachable`
      : `${ip} neigh del ${formatAddress(nextHop)} dev ${device}`;
  const first: CauseRemedy = {
    kind: 'node-command',
    text: 'Put the entry right, so that the kernel asks again.',
    command,
    where: whereOf(namespace),
  };
  const later: CauseRemedy = {
    kind: 'manual',
    text: 'If it comes back, look for a second owner of the address, for static entries, and for a full neighbour table ("neighbour table overflow" in the kernel log; net.ipv4.neigh.default.gc_thresh3).',
  };
  return {
    cause: 'neighbour-wrong',
    effect: 'blocks',
    direction: leg.direction,
    subject: subjectOf(namespace),
    text: `${text}.`,
    evidence,
    remedies: right === undefined ? [later] : [first, later],
  };
}
