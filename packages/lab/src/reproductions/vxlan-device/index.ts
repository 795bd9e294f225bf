import type { Reproduction } from '../reproduction.ts';

/** Kernels whose module is in a package of its own refuse the device until that is installed. */
export const vxlanDevice: Reproduction = {
  name: 'vxlan-device',
  issues: ['os/raspi-vxlan-module-missing'],
  method: 'makes a VXLAN device; the kernel has no such kind of device',
  async run(bed) {
    await bed.add('host');
    return (await bed.try('host', 'ip link add vxlan.test type vxlan id 1 dstport 4789')) === undefined
      ? { result: 'present', measured: 'the kernel makes no VXLAN device' }
      : { result: 'absent', measured: 'the kernel makes a VXLAN device' };
  },
};
