import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { type IpAddress, isSameAddress, parseAddress } from '../../../net/address.ts';
import { prefixContains, prefixOf } from '../../../net/prefix.ts';

/** An address that a node is said to have. */
export interface AnnouncedAddress {
  readonly address: IpAddress;
  /** Where it says so, for example `InternalIP`. */
  readonly source: string;
  readonly evidence: Evidence;
}

interface NodeFields {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> };
  readonly status?: {
    readonly addresses?: readonly { readonly type?: unknown; readonly address?: unknown }[];
  };
}

const NODE_ANNOTATIONS = ['projectcalico.org/IPv4Address', 'projectcalico.org/IPv6Address'];
/** What other nodes send to, and a router before the node may translate. */
const PUBLIC_ANNOTATIONS = ['flannel.alpha.coreos.com/public-ip'];
const TUNNEL_ANNOTATIONS = [
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4IPIPTunnelAddr',
];

/** Addresses of a node that its object names, for the node network. */
export function announcedAddresses(network: Network, node: string): readonly AnnouncedAddress[] {
  const stored = network.object('nodes', undefined, node);
  if (stored === undefined) return [];
  const { status } = stored.object as NodeFields;
  const listed = Array.isArray(status?.addresses) ? status.addresses : [];
  const internal = listed.flatMap(({ type, address }, index): readonly AnnouncedAddress[] => {
    const read = type === 'InternalIP' && typeof address === 'string' ? parseAddress(address) : undefined;
    const pointer = `${stored.pointer}/status/addresses/${index}`;
    return read === undefined
      ? []
      : [{ address: read, source: 'InternalIP', evidence: { file: stored.file, pointer } }];
  });
  return [...internal, ...annotated(network, node, NODE_ANNOTATIONS)];
}

/** Addresses of a node's tunnel devices that its object names. */
export function announcedTunnelAddresses(network: Network, node: string): readonly AnnouncedAddress[] {
  return annotated(network, node, TUNNEL_ANNOTATIONS);
}

function annotated(network: Network, node: string, names: readonly string[]): readonly AnnouncedAddress[] {
  const stored = network.object('nodes', undefined, node);
  const annotations = ((stored?.object ?? {}) as NodeFields).metadata?.annotations;
  return names.flatMap((name): readonly AnnouncedAddress[] => {
    const text = annotations?.[name];
    const address = typeof text === 'string' ? parseAddress(text.split('/')[0] ?? '') : undefined;
    if (stored === undefined || address === undefined) return [];
    const pointer = `${stored.pointer}/metadata/annotations/${name.replaceAll('/', '~1')}`;
    return [{ address, source: `annotation ${name}`, evidence: { file: stored.file, pointer } }];
  });
}

/** Whether an address belongs to a node: on one of its interfaces, or named by its object. */
export function isAddressOfNode(network: Network, node: string, address: IpAddress): boolean {
  const carried = network.nodes.get(node)?.host.interfaceWith(address) !== undefined;
  const announced = [
    ...announcedAddresses(network, node),
    ...announcedTunnelAddresses(network, node),
    ...annotated(network, node, PUBLIC_ANNOTATIONS),
  ];
  return carried || announced.some((known) => isSameAddress(known.address, address));
}

/** The node that an address of the node network or of a tunnel device belongs to; undefined where that is not one alone. */
export function nodeWith(network: Network, address: IpAddress): string | undefined {
  const carrying = network.ownersOf(address).filter(({ name }) => name === '');
  if (carrying.length > 0) return carrying.length === 1 ? carrying[0]?.node : undefined;
  const names = new Set([
    ...network.nodes.keys(),
    ...(network.objects('nodes') ?? []).map(({ object }) => object.metadata.name),
  ]);
  const announcing = [...names].filter((name) => isAddressOfNode(network, name, address));
  return announcing.length === 1 ? announcing[0] : undefined;
}

/** The interface of a node and the address of another one that stand on the same network. */
export interface CommonNetwork {
  readonly device: Interface;
  readonly address: IpAddress;
  /** False where only a router leads from one to the other. */
  readonly isShared: boolean;
}

/**
 * How a node reaches another one without a tunnel: by the interface whose network holds an address of the other one, else by
 * that of the default route to the address that the other one's object names.
 */
export function commonNetwork(
  network: Network,
  from: Namespace,
  to: string,
  family: IpAddress['family'],
): CommonNetwork | undefined {
  const announced = announcedAddresses(network, to).map(({ address }) => address);
  const other = network.nodes.get(to)?.host;
  const carried = uplinks(other).flatMap(({ addresses }) => addresses.map(({ address }) => address));
  // What is announced and not carried by anything is wrong, and nobody answers for it.
  const usable = announced.filter(
    (address) => other?.interfaces === undefined || other.interfaceWith(address),
  );
  for (const address of [...usable, ...carried]) {
    if (address.family !== family) continue;
    const device = uplinks(from).find(({ addresses }) =>
      addresses.some((own) => prefixContains(prefixOf(own.address, own.prefixLength), address)),
    );
    if (device !== undefined) return { device, address, isShared: true };
  }
  const [address] = usable.filter((own) => own.family === family);
  const route =
    address === undefined ? undefined : from.route({ destination: address, mark: 0, inInterface: 'lo' });
  const device = route?.kind === 'unicast' ? from.interface(route.device) : undefined;
  return address === undefined || device === undefined ? undefined : { device, address, isShared: false };
}

const NOT_UPLINKS: ReadonlySet<string> = new Set([
  'vxlan',
  'ipip',
  'dummy',
  'gre',
  'sit',
  'wireguard',
  'geneve',
]);

/** Interfaces of a node that can lead to other nodes, those with a gateway behind them not told apart. */
function uplinks(host: Namespace | undefined): readonly Interface[] {
  return [...(host?.interfaces?.all.values() ?? [])]
    .filter(({ link }) => link.linkType !== 'loopback' && !NOT_UPLINKS.has(link.kind ?? ''))
    .filter(({ addresses }) =>
      addresses.some(
        ({ address, prefixLength, scope }) => scope === 'global' && prefixLength < widthOfHost(address),
      ),
    );
}

function widthOfHost({ family }: IpAddress): number {
  return family === 4 ? 32 : 128;
}
