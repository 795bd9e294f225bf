import { type FactDefinition, from, known, unknown } from '../../../fact.ts';
import { ipPools } from '../ip-pools.ts';
import { isInNetwork } from '../ipv4.ts';
import { type NodeAddress, nodeAddresses } from '../node-addresses.ts';

/**
 * Pairs of nodes of which one takes the other for a neighbour in its subnet and the other does not, as their masks
 * differ. With CrossSubnet one direction is then encapsulated and the other is not. One pair per two masks is named.
 */
export const masksDiffer: FactDefinition<readonly string[]> = {
  id: 'calico.masks-differ',
  title: 'nodes that do not agree on their subnet',
  level: 'cluster',
  format: (pairs) => pairs.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const pools = read.fact(ipPools);
    if (pools.state === 'unknown') return pools;
    const crossing = pools.value.some(
      ({ vxlan, ipip }) => vxlan === 'cross-subnet' || ipip === 'cross-subnet',
    );
    if (!crossing) return known([], from(ipPools));
    const addresses = read.fact(nodeAddresses);
    if (addresses.state === 'unknown') return addresses;
    const groups = Map.groupBy(
      addresses.value.byNode.values(),
      ({ network }) => `${network.bits}/${network.length}`,
    );
    const pairs = [...groups.values()].flatMap((group) =>
      [...groups.values()].flatMap((others) => pairsOf(group, others)),
    );
    if (pairs.length === 0 && !addresses.value.complete) {
      return unknown({ fact: 'addresses of all nodes', command: 'kubectl get nodes -o json' });
    }
    const texts = pairs.map(
      ([one, other]) =>
        `${textOf(one)} takes ${textOf(other)} for its neighbour, but not the other way round`,
    );
    const shown =
      pairs.length > 0 ? pairs.slice(0, 3).flat() : [...addresses.value.byNode.values()].slice(0, 3);
    return known(texts.sort(), ...shown.map(({ origin }) => origin), from(ipPools));
  },
};

/** At most one pair. */
function pairsOf(
  group: readonly NodeAddress[],
  others: readonly NodeAddress[],
): readonly (readonly [NodeAddress, NodeAddress])[] {
  const [one] = group;
  const [other] = others;
  // Of two networks only the one with the shorter mask can hold addresses of the other and not be held by it.
  if (one === undefined || other === undefined || one.network.length >= other.network.length) return [];
  const seen = others.find(({ address }) => isInNetwork(address, one.network));
  const blind = group.find(({ address }) => !isInNetwork(address, other.network));
  return seen === undefined || blind === undefined ? [] : [[blind, seen]];
}

function textOf({ node, address, network }: NodeAddress): string {
  return `${node} (${address}/${network.length})`;
}
