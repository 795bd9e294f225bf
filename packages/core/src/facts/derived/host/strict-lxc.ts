import { sysctlProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

const ALL = 'net.ipv4.conf.all.rp_filter';
const CILIUM_DEVICE = /^net\.ipv4\.conf\.(lxc[^.]*)\.rp_filter$/;

/** Pod devices of Cilium whose effective reverse path filter is not 0; it is the larger of the value for all and their own. */
export const filteredCiliumDevices: FactDefinition<readonly string[]> = {
  id: 'host.filtered-cilium-devices',
  title: 'pod devices of Cilium with a reverse path filter',
  level: 'node',
  format: (devices) => devices.slice(0, 5).join(', ') || 'none',
  compute(read) {
    const probe = read.probe(sysctlProbe);
    const all = probe.state === 'read' ? probe.value.get(ALL) : undefined;
    const devices =
      probe.state === 'read' ? [...probe.value].filter(([name]) => CILIUM_DEVICE.test(name)) : [];
    if (probe.state === 'missing' || all === undefined || devices.length === 0) {
      return unknown({
        fact: 'reverse path filter of pod devices',
        command: "sysctl -ar 'rp_filter'",
        where: 'node',
      });
    }
    const filtered = devices.filter(([, { value }]) => Math.max(Number(all.value), Number(value)) > 0);
    const places = filtered.length > 0 ? filtered.slice(0, 3).map(([, entry]) => entry) : [all];
    return known(
      filtered.map(([name]) => CILIUM_DEVICE.exec(name)?.[1] ?? name),
      ...places.map((place) => at(probe.file, place)),
    );
  },
};
