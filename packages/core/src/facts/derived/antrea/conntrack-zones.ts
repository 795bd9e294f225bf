import { type FactDefinition, from, known } from '../../fact.ts';
import { photonHasZones } from '../host/photon-kernels.ts';
import { kernel } from '../kernel/index.ts';
import { kernelConfigOption } from '../kernel-config/index.ts';

const OPTION = 'CONFIG_NF_CONNTRACK_ZONES';

/**
 * Whether the kernel knows conntrack zones: its configuration says so, and where that was not collected, the package
 * history of Photon OS. Other kernels without a configuration stay unknown.
 */
export const conntrackZones: FactDefinition<boolean> = {
  id: 'antrea.conntrack-zones',
  title: 'kernel has conntrack zones',
  level: 'node',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  compute(read) {
    const option = read.fact(kernelConfigOption, OPTION);
    if (option.state === 'known') return known(option.value !== 'n', from(kernelConfigOption, OPTION));
    const release = read.fact(kernel);
    const built = release.state === 'known' ? photonHasZones(release.value) : undefined;
    return built === undefined ? option : known(built, from(kernel));
  },
};
