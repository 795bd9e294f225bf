import { ipsetSaveProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, onThisNode, type Reader } from '../../reader.ts';
import { runsOtherMode } from './mode.ts';
import { loadBalancerIngress, serviceSpec } from './service-index.ts';

interface NodeStatus {
  readonly addresses?: readonly { readonly type?: string; readonly address?: string }[];
}

/** Addresses of nodes that the Service uses as load balancer address or external IP. */
export const nodeAddressesOfService: FactDefinition<readonly string[]> = {
  id: 'service.node-addresses',
  title: 'addresses of the Service that are those of nodes',
  level: 'object',
  format: (addresses) => addresses.join(', ') || 'none',
  compute(read) {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects('services'));
    const { externalIPs } = serviceSpec(stored);
    const ingress = loadBalancerIngress(stored).flatMap(({ ip, ipMode }) =>
      ip === undefined || ipMode === 'Proxy' ? [] : [ip],
    );
    const own = new Set([...ingress, ...(Array.isArray(externalIPs) ? externalIPs : [])]);
    if (own.size === 0) return known([], inObject(stored));
    const nodes = read.objects('nodes');
    const found = (nodes?.items ?? []).flatMap((node) => {
      const addresses = (node.object.status as NodeStatus | undefined)?.addresses;
      return (Array.isArray(addresses) ? addresses : []).flatMap(
        ({ address }: { address?: string }, index: number) =>
          address !== undefined && own.has(address)
            ? [{ address, origin: inObject(node, `/status/addresses/${index}/address`) }]
            : [],
      );
    });
    if (found.length > 0)
      return known(
        [...new Set(found.map(({ address }) => address))],
        ...found.map(({ origin }) => origin).slice(0, 4),
      );
    if (nodes?.complete !== true) return unknown(missingObjects('nodes'));
    return known([], ...nodes.files.map((file) => ({ file })));
  },
};

/** Nodes that have one of these addresses in the set of addresses whose other ports kube-proxy rejects. */
export const nodeAddressesRejected: FactDefinition<readonly string[]> = {
  id: 'service.node-addresses-rejected-on',
  title: 'nodes that reject what is sent to the address of a node',
  level: 'object',
  format: (nodes) => nodes.join(', ') || 'none',
  compute(read) {
    const addresses = read.fact(nodeAddressesOfService);
    if (addresses.state === 'unknown') return addresses;
    if (addresses.value.length === 0) return known([], ...addresses.origins);
    const answers = read.nodes().map((node) => ({ node, entry: entryOn(node, addresses.value) }));
    const holding = answers.flatMap(({ node, entry }) =>
      entry === undefined || entry === 'none' ? [] : [{ name: node.nodeName() ?? 'node', entry }],
    );
    if (holding.length > 0)
      return known(
        holding.map(({ name }) => name),
        ...holding.map(({ entry }) => entry).slice(0, 4),
      );
    if (answers.every(({ entry }) => entry === 'none')) return known([]);
    return unknown({ fact: 'IP set KUBE-IPVS-IPS', command: 'ipset save KUBE-IPVS-IPS', where: 'each node' });
  },
};

function entryOn(node: Reader, addresses: readonly string[]): Origin | 'none' | undefined {
  if (runsOtherMode(node, 'ipvs')) return 'none';
  const sets = node.probe(ipsetSaveProbe);
  if (sets.state === 'missing') return undefined;
  for (const name of ['KUBE-IPVS-IPS', 'KUBE-6-IPVS-IPS']) {
    const entry = sets.value.get(name)?.entries.find(({ element }) => addresses.includes(element));
    if (entry !== undefined) return onThisNode(node, at(sets.file, entry));
  }
  return sets.complete ? 'none' : undefined;
}
