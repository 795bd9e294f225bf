import { ipsetSaveProbe, nftRulesetProbe } from '../../../../probes/firewall.ts';
import { ipLinkProbe } from '../../../../probes/network.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../../reader.ts';
import { encapsulation } from '../encapsulation.ts';
import { isInNetwork, networkOf } from '../ipv4.ts';
import { annotationsOf } from '../local-pods.ts';
import { ADDRESS_ANNOTATION } from '../node-addresses.ts';
import { IPIP_ADDRESS, VXLAN_ADDRESS } from './remote-blocks.ts';

/** Sets of nodes that a tunnel is accepted from, by the tunnel; the annotation says that a node has such a tunnel. */
const SETS = {
  vxlan: { name: 'cali40all-vxlan-net', annotation: VXLAN_ADDRESS },
  ipip: { name: 'cali40all-hosts-net', annotation: IPIP_ADDRESS },
} as const;

interface AddressSet {
  readonly origin: Origin;
  readonly members: ReadonlySet<string>;
  /** False where members may be missing in what was collected. */
  readonly complete: boolean;
}

/** Other nodes whose tunnel packets this node drops, as their address is not in the set that cali-INPUT accepts. */
export const tunnelSetFaults: FactDefinition<readonly string[]> = {
  id: 'calico.tunnel-set-faults',
  title: 'nodes whose tunnel packets are dropped',
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const ways = read.fact(encapsulation);
    if (ways.state === 'unknown') return ways;
    const tunnels = ways.value.filter((way) => way !== 'none');
    if (tunnels.length === 0) return known([], from(encapsulation));
    const links = read.probe(ipLinkProbe);
    const bpf =
      links.state === 'read' ? links.value.find(({ name }) => /^bpf.*\.cali$/.test(name)) : undefined;
    // With eBPF a program on the card lets packets of other nodes in, and iptables does not decide.
    if (links.state === 'read' && bpf !== undefined) return known([], at(links.file, bpf));
    const nodes = read.objects('nodes');
    const self = read.nodeObject()?.object.metadata.name;
    if (nodes === undefined || self === undefined) return unknown(missingObjects('nodes'));
    const found: { readonly text: string; readonly origins: readonly Origin[] }[] = [];
    const seen: Origin[] = [];
    let isWhole = nodes.complete;
    for (const tunnel of tunnels) {
      const { name, annotation } = SETS[tunnel];
      const set = setNamed(read, name);
      isWhole &&= set?.complete === true;
      if (set === undefined) continue;
      seen.push(set.origin);
      for (const stored of set.complete ? nodes.items : []) {
        const node = stored.object.metadata.name;
        const { [ADDRESS_ANNOTATION]: text, [annotation]: end } = annotationsOf(stored);
        const [address] = typeof text === 'string' ? text.split('/') : [];
        if (node === self || address === undefined || typeof end !== 'string' || end === '') continue;
        if (holds(set.members, address)) continue;
        const place = inObject(stored, `/metadata/annotations/${ADDRESS_ANNOTATION.replace('/', '~1')}`);
        found.push({ text: `${address} of ${node} is not in ${name}`, origins: [set.origin, place] });
      }
    }
    if (found.length === 0 && !isWhole) {
      return unknown({ fact: 'nodes in the sets of Calico', command: 'ipset save', where: 'node' });
    }
    return known(
      [...new Set(found.map(({ text }) => text))].sort(),
      ...(found.length > 0 ? found.slice(0, 3).flatMap(({ origins }) => origins) : seen),
      from(encapsulation),
    );
  },
};

/** The set where Felix keeps it: with ipset, or in its own table of nftables. */
function setNamed(read: Reader, name: string): AddressSet | undefined {
  const sets = read.probe(ipsetSaveProbe);
  const set = sets.state === 'read' ? sets.value.get(name) : undefined;
  if (sets.state === 'read' && set !== undefined) {
    const members = new Set(set.entries.flatMap(({ element, nomatch }) => (nomatch ? [] : [element])));
    return { origin: at(sets.file, set), members, complete: sets.complete };
  }
  const ruleset = read.probe(nftRulesetProbe);
  if (ruleset.state === 'missing') return undefined;
  const table = ruleset.value.tables.get('ip calico');
  const own = table?.sets.get(name);
  if (table === undefined || own === undefined) return undefined;
  const members = new Set(own.elements.map(({ key }) => key));
  return { origin: at(ruleset.file, own), members, complete: ruleset.complete && table.isComplete };
}

/** Whole networks are in the set where externalNodesList names them. */
function holds(members: ReadonlySet<string>, address: string): boolean {
  if (members.has(address) || members.has(`${address}/32`)) return true;
  for (const member of members) {
    const network = member.includes('/') ? networkOf(member) : undefined;
    if (network !== undefined && isInNetwork(address, network)) return true;
  }
  return false;
}
