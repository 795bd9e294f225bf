import { ethtoolFeaturesProbe, ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** VXLAN devices of the node whose transmit checksum is left to hardware. */
export const vxlanChecksumOffload: FactDefinition<readonly string[]> = {
  id: 'host.vxlan-checksum-offload',
  title: 'VXLAN devices with transmit checksum offload',
  level: 'node',
  format: (devices) => devices.join(', ') || 'none',
  compute(read) {
    const links = read.probe(ipLinkProbe);
    const named = links.state === 'read' ? links.value.filter(({ kind }) => kind === 'vxlan') : [];
    const names = new Set([
      ...named.map(({ name }) => name),
      ...read.members(ethtoolFeaturesProbe).filter((name) => /^(flannel[.-]|vxlan)/.test(name)),
    ]);
    const devices = [...names].sort().map((name) => ({ name, read: read.probe(ethtoolFeaturesProbe, name) }));
    const on = devices.flatMap(({ name, read: one }) => {
      const feature =
        one.state === 'read'
          ? (one.value.features.get('tx-checksum-ip-generic') ?? one.value.features.get('tx-checksumming'))
          : undefined;
      return one.state === 'read' && feature?.on === true ? [{ name, origin: at(one.file, feature) }] : [];
    });
    if (on.length > 0)
      return known(
        on.map(({ name }) => name),
        ...on.map(({ origin }) => origin),
      );
    const settled =
      links.state === 'read' && links.complete && devices.every((one) => one.read.state === 'read');
    if (settled) return known([], at(links.file, {}));
    const missing = devices.flatMap((one) => (one.read.state === 'missing' ? [one.read.missing] : []));
    return unknown(
      ...(missing.length > 0 ? missing : [{ fact: 'VXLAN devices', command: 'ip -d link', where: 'node' }]),
    );
  },
};
