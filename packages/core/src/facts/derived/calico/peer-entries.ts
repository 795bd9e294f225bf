import { bridgeFdbProbe, ipNeighProbe, ipRouteProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import { nodeAddresses } from './node-addresses.ts';
import { tunnelMacs } from './tunnel-macs.ts';

const DEVICE = 'vxlan.calico';

interface Fault {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/**
 * Tunnel ends that this node has a route to but can not send to: no neighbour entry or one with a MAC that the end does
 * not have, no forwarding entry, or one that leads to another node. Felix writes one of each for every other node.
 */
export const peerEntryFaults: FactDefinition<readonly string[]> = {
  id: 'calico.peer-entry-faults',
  title: 'VXLAN peers without working entries',
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const routes = read.probe(ipRouteProbe);
    const neighbours = read.probe(ipNeighProbe);
    const entries = read.probe(bridgeFdbProbe);
    if (routes.state === 'missing') return unknown(routes.missing);
    if (neighbours.state === 'missing') return unknown(neighbours.missing);
    if (entries.state === 'missing') return unknown(entries.missing);
    const nodes = nodesByTunnel(read);
    const macs = read.fact(tunnelMacs);
    const faults: Fault[] = [];
    const own = routes.value.filter(({ device, gateway }) => device === DEVICE && gateway !== undefined);
    for (const [gateway, route] of new Map(own.map((one) => [one.gateway ?? '', one]))) {
      const place = at(routes.file, route);
      const neighbour = neighbours.value.find(
        ({ address, device }) => device === DEVICE && address === gateway,
      );
      if (neighbour?.mac === undefined) {
        // A cut file may have lost the entry.
        if (neighbours.complete) faults.push({ text: `no neighbour for ${gateway}`, origins: [place] });
        continue;
      }
      const { mac } = neighbour;
      const end = macs.state === 'known' ? macs.value.get(gateway) : undefined;
      if (end !== undefined && end.mac !== mac) {
        const text = `${gateway} has ${mac} here and ${end.mac} on ${end.node}`;
        faults.push({ text, origins: [at(neighbours.file, neighbour), end.origin] });
        continue;
      }
      const entry = entries.value.find(
        (one) => one.device === DEVICE && one.mac === mac && one.destination !== undefined,
      );
      const peer = nodes.get(gateway);
      const origins = [place, at(neighbours.file, neighbour)];
      if (entry === undefined) {
        if (entries.complete) faults.push({ text: `no forwarding entry for ${mac} (${gateway})`, origins });
      } else if (peer !== undefined && entry.destination !== peer.address) {
        const text = `${mac} (${gateway}) leads to ${entry.destination}, its node has ${peer.address}`;
        faults.push({ text, origins: [at(entries.file, entry), peer.origin] });
      }
    }
    const whole = routes.complete && neighbours.complete && entries.complete;
    if (faults.length === 0 && !whole) {
      return unknown({
        fact: 'entries of vxlan.calico',
        command: 'bridge fdb show dev vxlan.calico',
        where: 'node',
      });
    }
    const seen = [at(routes.file, {}), at(neighbours.file, {}), at(entries.file, {})];
    return known(
      faults.map(({ text }) => text).sort(),
      ...(faults.length > 0 ? faults.slice(0, 3).flatMap(({ origins }) => origins) : seen),
      from(nodeAddresses),
    );
  },
};

/** The node behind each tunnel address. An address that two objects claim tells nothing. */
function nodesByTunnel(
  read: Reader,
): ReadonlyMap<string, { readonly address: string; readonly origin: Origin }> {
  const addresses = read.fact(nodeAddresses);
  const found = new Map<
    string,
    { readonly node: string; readonly address: string; readonly origin: Origin }
  >();
  const twice = new Set<string>();
  for (const stored of read.objects('nodes')?.items ?? []) {
    const { name, annotations } = stored.object.metadata;
    const tunnel = (annotations as Readonly<Record<string, unknown>> | undefined)?.[
      'projectcalico.org/IPv4VXLANTunnelAddr'
    ];
    const own = addresses.state === 'known' ? addresses.value.byNode.get(name) : undefined;
    if (typeof tunnel !== 'string' || own === undefined) continue;
    const earlier = found.get(tunnel);
    if (earlier !== undefined && earlier.node !== name) twice.add(tunnel);
    const origin = inObject(stored, '/metadata/annotations/projectcalico.org~1IPv4Address');
    found.set(tunnel, { node: name, address: own.address, origin });
  }
  for (const tunnel of twice) found.delete(tunnel);
  return found;
}
