import { ethtoolDriverProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { offloadFeature } from '../offload/index.ts';

/** Cards whose firmware offers segmentation of IPIP packets and can not do it (mlx5, 14.26.1040). */
export const brokenIpipCards: FactDefinition<readonly string[]> = {
  id: 'calico.broken-ipip-cards',
  title: 'cards with broken segmentation of IPIP packets',
  level: 'node',
  key: (cards) => cards.join(' '),
  format: (cards) => cards.join(' ') || 'none',
  compute(read) {
    const members = read.members(ethtoolDriverProbe);
    if (members.length === 0)
      return unknown({ fact: 'drivers of the cards', command: 'ethtool -i DEVICE', where: 'node' });
    const found = [];
    const origins = [];
    for (const device of members) {
      const probe = read.probe(ethtoolDriverProbe, device);
      if (probe.state === 'missing') continue;
      const { driver, firmwareVersion = '', fields } = probe.value;
      if (driver !== 'mlx5_core' || !firmwareVersion.startsWith('14.26.1040')) continue;
      const feature = `${device}/tx-ipxip4-segmentation`;
      const offload = read.fact(offloadFeature, feature);
      if (offload.state === 'unknown') return offload;
      if (offload.value !== 'on') continue;
      found.push(device);
      origins.push(at(probe.file, fields.get('firmware-version') ?? {}), from(offloadFeature, feature));
    }
    return known(found, ...origins);
  },
};
