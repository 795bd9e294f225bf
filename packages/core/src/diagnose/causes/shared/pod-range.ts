import type { Network } from '../../../datapath/model/network.ts';
import { type IpAddress, widthOf } from '../../../net/address.ts';
import { type Prefix, parsePrefix, prefixContains, prefixOf } from '../../../net/prefix.ts';

interface AffinityFields {
  readonly spec?: { readonly cidr?: unknown; readonly node?: unknown; readonly deleted?: unknown };
}

interface NodeFields {
  readonly spec?: { readonly podCIDR?: unknown; readonly podCIDRs?: readonly unknown[] };
}

/**
 * The range of addresses of a node's pods that an address belongs to: its Calico block, its range in the Node object, or what
 * the node itself has a route for. The address alone where nothing tells.
 */
export function podRangeOf(network: Network, node: string, address: IpAddress): Prefix {
  const own = blocks(network, node);
  // Calico does not use the range of the Node object, unless it is told to.
  const known = [
    ...own,
    ...(own.some(({ family }) => family === address.family) ? [] : podRanges(network, node)),
    ...ownRanges(network, node, address),
  ];
  return (
    known.find((prefix) => prefixContains(prefix, address)) ?? prefixOf(address, widthOf(address.family))
  );
}

function blocks(network: Network, node: string): readonly Prefix[] {
  return (network.objects('blockaffinities.crd.projectcalico.org') ?? []).flatMap(({ object }) => {
    const { spec } = object as AffinityFields;
    const isOwn = spec?.node === node && String(spec.deleted) !== 'true';
    return isOwn && typeof spec.cidr === 'string' ? (parsePrefix(spec.cidr) ?? []) : [];
  });
}

function podRanges(network: Network, node: string): readonly Prefix[] {
  const { spec } = (network.object('nodes', undefined, node)?.object ?? {}) as NodeFields;
  const texts = Array.isArray(spec?.podCIDRs) ? spec.podCIDRs : [spec?.podCIDR];
  return texts.flatMap((text) => (typeof text === 'string' ? (parsePrefix(text) ?? []) : []));
}

/** The blackhole of a block of addresses, or the network of a bridge. */
function ownRanges(network: Network, node: string, address: IpAddress): readonly Prefix[] {
  const host = network.nodes.get(node)?.host;
  const entries = [...(host?.routing(address.family).tables.get('main')?.matches(address) ?? [])];
  return entries
    .filter(
      ({ route, length }) =>
        length > 0 && (route.type === 'blackhole' || isBridge(host?.interface(route.device ?? ''))),
    )
    .map(({ length }) => prefixOf(address, length));
}

function isBridge(device: { readonly link: { readonly kind?: string } } | undefined): boolean {
  return device?.link.kind === 'bridge';
}
