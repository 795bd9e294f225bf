import type { Network } from '../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../net/address.ts';

interface NodeFields {
  readonly status?: { readonly addresses?: readonly { readonly address?: unknown }[] };
}

/** The node that has an address by its object or by Calico's annotation; undefined where none says so. */
export function nodeWith(network: Network, address: IpAddress): string | undefined {
  const text = formatAddress(address);
  return (network.objects('nodes') ?? []).find(({ object }) => {
    const { status } = object as NodeFields;
    const annotations = object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
    const listed = Array.isArray(status?.addresses) ? status.addresses : [];
    const annotated = ['projectcalico.org/IPv4Address', 'projectcalico.org/IPv6Address'].map((key) =>
      String(annotations?.[key] ?? '').replace(/\/.*/, ''),
    );
    return listed.some((one) => one?.address === text) || annotated.includes(text);
  })?.object.metadata.name;
}
