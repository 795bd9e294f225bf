import type { Reproduction } from '../reproduction.ts';

/** Some distributions ship no modules for the legacy back end any more. */
export const iptablesLegacyTables: Reproduction = {
  name: 'iptables-legacy-tables',
  issues: ['os/el10-iptables-modules-removed'],
  method: 'lists the nat table with iptables-legacy; the kernel has no such tables',
  async run(bed) {
    await bed.add('host');
    if ((await bed.try('host', 'command -v iptables-legacy')) === undefined) {
      return { result: 'not-possible', measured: 'iptables-legacy is not installed here' };
    }
    return (await bed.try('host', 'iptables-legacy -t nat -S')) === undefined
      ? { result: 'present', measured: 'the kernel has no nat table for iptables-legacy' }
      : { result: 'absent', measured: 'iptables-legacy lists the nat table' };
  },
};
