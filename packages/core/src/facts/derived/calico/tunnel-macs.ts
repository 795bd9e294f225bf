import { ipAddrProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, type Origin } from '../../fact.ts';
import { at, onThisNode } from '../../reader.ts';

/** MAC that a tunnel end has on its own node. */
export interface TunnelMac {
  readonly node: string;
  readonly mac: string;
  readonly origin: Origin;
}

/** MACs of `vxlan.calico` by its address, as seen on the nodes that were collected. Addresses on two nodes tell nothing. */
export const tunnelMacs: FactDefinition<ReadonlyMap<string, TunnelMac>> = {
  id: 'calico.tunnel-macs',
  title: 'MACs of the VXLAN ends',
  level: 'cluster',
  format: (macs) => [...macs].map(([address, { mac }]) => `${address} ${mac}`).join(', ') || 'none',
  compute(read) {
    const found = new Map<string, TunnelMac>();
    const twice = new Set<string>();
    for (const node of read.nodes()) {
      const probe = node.probe(ipAddrProbe);
      const links = probe.state === 'read' ? probe.value : [];
      const device = links.find(({ name }) => name === 'vxlan.calico');
      if (probe.state === 'missing' || device?.mac === undefined) continue;
      for (const { family, address } of device.addresses) {
        if (family !== 4) continue;
        if (found.has(address)) twice.add(address);
        const origin = onThisNode(node, at(probe.file, device));
        found.set(address, { node: node.nodeName() ?? '', mac: device.mac, origin });
      }
    }
    for (const address of twice) found.delete(address);
    return known(found);
  },
};
