import type { Interface } from '../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Network } from '../../datapath/model/network.ts';
import { cableNetworks } from '../../datapath/walk/cable.ts';
import { isOnCable } from '../../datapath/walk/cable-devices.ts';
import type { Shared } from './shared.ts';

const ASKED_SETTINGS = ['arp_ignore', 'proxy_arp', 'arp_filter', 'forwarding'];

/**
 * How a node's interfaces stand on the network between nodes, as a number: what a sender on another node finds out about it before
 * a packet has arrived. Addresses count by where they are, and by their networks, which tell who hangs on the same cable.
 */
export function cableClass({ network, interner }: Shared, host: Namespace): number {
  if (sharesWithPods(network, host)) return interner.text(`cable of ${host.node}`);
  const devices: unknown[] = [];
  for (const device of host.interfaces?.all.values() ?? []) {
    const isOn = isOnCable(network, host, device);
    const lengths = device.addresses
      .filter(({ scope }) => scope !== 'host')
      .map(({ prefixLength }) => prefixLength);
    if (device.name === 'kube-ipvs0' || (!isOn && isOfLinkOnly(device))) continue;
    const onCable = isOn
      ? [describe(host, device), cableNetworks(network, { namespace: host, device }).toSorted()]
      : '';
    devices.push([device.name, isOn, lengths, onCable]);
  }
  const all = ASKED_SETTINGS.map((name) => host.settings.number(`net.ipv4.conf.all.${name}`) ?? '');
  return interner.text(JSON.stringify([host.interfaces?.hasAddresses ?? '', all, devices]));
}

/** Interfaces of pods that share a cable with those of their node are not compared one by one. */
function sharesWithPods(network: Network, host: Namespace): boolean {
  const namespaces = [...(network.nodes.get(host.node)?.namespaces.values() ?? [])];
  const hasBridge = [...(host.interfaces?.all.values() ?? [])].some(({ link }) => link.kind === 'bridge');
  return namespaces.some((namespace) =>
    [...(namespace.interfaces?.all.values() ?? [])].some(
      (device) => hasBridge || isOnCable(network, namespace, device),
    ),
  );
}

function isOfLinkOnly({ addresses }: Interface): boolean {
  return addresses.every(({ scope }) => scope === 'link');
}

function describe(host: Namespace, { name, isUp, link }: Interface): unknown {
  const { kind, details, linkType, master, slaveKind, mac } = link;
  const { local: _, remote: _remote, ...rest } = details;
  const settings = ASKED_SETTINGS.map(
    (setting) => host.settings.number(`net.ipv4.conf.${name}.${setting}`) ?? '',
  );
  return [isUp, kind, rest, linkType, master, slaveKind, mac !== undefined, settings];
}
