import { ipAddrProbe, ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';

/** Where a network plugin announces the MAC address of its tunnel device to the other nodes. */
const ANNOUNCED: readonly {
  readonly annotation: string;
  readonly device: string;
  readonly mac: (text: string) => string | undefined;
}[] = [
  {
    annotation: 'flannel.alpha.coreos.com/backend-data',
    device: 'flannel.1',
    mac: (text) => /"VtepMAC"\s*:\s*"([0-9a-fA-F:]{17})"/.exec(text)?.[1],
  },
  { annotation: 'projectcalico.org/VXLANTunnelMACAddr', device: 'vxlan.calico', mac: (text) => text },
  { annotation: 'projectcalico.org/VXLANTunnelMACAddrV6', device: 'vxlan-v6.calico', mac: (text) => text },
];

/** Tunnel devices whose MAC address is not the one that the plugin told the other nodes; each as a sentence. */
export const changedTunnelMacs: FactDefinition<readonly string[]> = {
  id: 'host.changed-tunnel-macs',
  title: 'tunnel devices with another MAC address than announced',
  level: 'node',
  format: (changed) => changed.join('; ') || 'none',
  compute(read) {
    const node = read.nodeObject();
    const links = linksOf(read);
    if (node === undefined || links === undefined) {
      return unknown({ fact: 'MAC addresses of tunnel devices', command: 'ip -d link', where: 'node' });
    }
    const annotations = (node.object.metadata.annotations ?? {}) as Readonly<Record<string, unknown>>;
    const changed: string[] = [];
    const origins: Origin[] = [inObject(node, '/metadata/annotations')];
    for (const { annotation, device, mac } of ANNOUNCED) {
      const text = annotations[annotation];
      const announced = typeof text === 'string' ? mac(text) : undefined;
      const link = links.find(({ name }) => name === device);
      if (announced === undefined || link?.mac === undefined) continue;
      origins.push(link.origin);
      if (announced.toLowerCase() === link.mac.toLowerCase()) continue;
      changed.push(`${device} has ${link.mac}, announced is ${announced}`);
    }
    return known(changed, ...origins);
  },
};

function linksOf(read: Reader) {
  for (const probe of [read.probe(ipLinkProbe), read.probe(ipAddrProbe)]) {
    if (probe.state === 'missing' || !probe.complete) continue;
    return probe.value.map((link) => ({ name: link.name, mac: link.mac, origin: at(probe.file, link) }));
  }
  return undefined;
}
