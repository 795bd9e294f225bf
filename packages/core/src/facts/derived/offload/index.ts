import { ethtoolFeaturesProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/** State of an offload feature, parameter `<device>/<feature>`, for example `vxlan.calico/tx-checksumming`. */
export const offloadFeature: FactDefinition<'on' | 'off' | null> = {
  id: 'offload',
  title: 'offload feature',
  parameter: 'device/feature',
  level: 'node',
  compute(read, parameter) {
    const slash = parameter.lastIndexOf('/');
    const device = parameter.slice(0, slash);
    const name = parameter.slice(slash + 1);
    const probe = read.probe(ethtoolFeaturesProbe, device);
    if (probe.state === 'missing') return unknown(probe.missing);
    const feature = probe.value.features.get(name);
    if (feature !== undefined) return known(feature.on ? 'on' : 'off', at(probe.file, feature));
    return probe.complete ? known(null, at(probe.file, {})) : unknown(probeMissing(device));
  },
};

function probeMissing(device: string) {
  return { fact: `offload features of ${device}`, command: `ethtool -k ${device}`, where: 'node' };
}
