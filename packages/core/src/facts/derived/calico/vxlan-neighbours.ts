import { ipNeighProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import { isInNetwork, networkOf } from './ipv4.ts';

const DEVICE = 'vxlan.calico';

/** Addresses that share one MAC on `vxlan.calico`: what is left of a node that was replaced, beside the new one. */
export const sharedNeighbourMacs: FactDefinition<readonly string[]> = {
  id: 'calico.vxlan-shared-macs',
  title: 'neighbours on vxlan.calico with the same MAC',
  level: 'node',
  format: (list) => list.join('; ') || 'none',
  compute(read) {
    const probe = read.probe(ipNeighProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const byMac = new Map<string, { readonly address: string; readonly origin: Origin }[]>();
    for (const entry of probe.value) {
      if (entry.device !== DEVICE || entry.mac === undefined) continue;
      const own = byMac.get(entry.mac) ?? [];
      if (!own.some(({ address }) => address === entry.address)) {
        own.push({ address: entry.address, origin: at(probe.file, entry) });
      }
      byMac.set(entry.mac, own);
    }
    const shared = [...byMac].filter(([, entries]) => entries.length > 1);
    if (shared.length === 0 && !probe.complete) return unknown(NEIGHBOURS);
    const origins = shared.flatMap(([, entries]) => entries.map(({ origin }) => origin));
    return known(
      shared.map(([mac, entries]) => `${mac}: ${entries.map(({ address }) => address).join(', ')}`),
      ...(origins.length > 0 ? origins : [at(probe.file, {})]),
    );
  },
};

/** Neighbours on `vxlan.calico` without a MAC, which Felix before 3.26 tries to delete for ever. */
export const incompleteNeighbours: FactDefinition<readonly string[]> = {
  id: 'calico.vxlan-incomplete-neighbours',
  title: 'neighbours on vxlan.calico without a MAC',
  level: 'node',
  format: (list) => list.join(', ') || 'none',
  compute(read) {
    const probe = read.probe(ipNeighProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const found = probe.value.filter(({ device, mac }) => device === DEVICE && mac === undefined);
    if (found.length === 0 && !probe.complete) return unknown(NEIGHBOURS);
    const origins = found.map((entry) => at(probe.file, entry));
    return known(
      found.map(({ address }) => address),
      ...(origins.length > 0 ? origins : [at(probe.file, {})]),
    );
  },
};

const NEIGHBOURS = {
  fact: 'neighbours on vxlan.calico',
  command: 'ip neigh show dev vxlan.calico',
  where: 'node',
};
const BLOCKS = 'ipamblocks.crd.projectcalico.org';

/** Whether the node's own VXLAN address comes from a block of another node. */
export const borrowedTunnelAddress: FactDefinition<boolean> = {
  id: 'calico.vxlan-address-borrowed',
  title: "the node's VXLAN address lies in another node's block",
  level: 'node',
  compute(read) {
    const own = tunnelAddress(read);
    const list = read.objects(BLOCKS);
    if (own === undefined) {
      return unknown({ fact: 'VXLAN tunnel address of the node', command: 'kubectl get nodes -o json' });
    }
    const block = list?.items.find(({ object }) => {
      const cidr = (object.spec as { cidr?: unknown } | undefined)?.cidr;
      const network = typeof cidr === 'string' ? networkOf(cidr) : undefined;
      return network !== undefined && isInNetwork(own.address, network);
    });
    const affinity = (block?.object.spec as { affinity?: unknown } | undefined)?.affinity;
    if (block === undefined || typeof affinity !== 'string') return unknown(missingObjects(BLOCKS));
    return known(affinity !== `host:${own.node}`, own.origin, inObject(block, '/spec/affinity'));
  },
};

function tunnelAddress(read: Reader) {
  const node = read.nodeObject();
  const annotations = node?.object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
  const address = annotations?.['projectcalico.org/IPv4VXLANTunnelAddr'];
  if (node === undefined || typeof address !== 'string' || address === '') return undefined;
  const origin = inObject(node, '/metadata/annotations/projectcalico.org~1IPv4VXLANTunnelAddr');
  return { node: node.object.metadata.name, address, origin };
}
