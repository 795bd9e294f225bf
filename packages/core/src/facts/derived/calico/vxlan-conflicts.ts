import { ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { felixSetting } from './felix-setting.ts';

/** Other VXLAN devices of the host with the id and the port of Calico's, without an address of their own to tell them apart. */
export const vxlanConflicts: FactDefinition<readonly string[]> = {
  id: 'calico.vxlan-conflicts',
  title: 'VXLAN devices with the id and port of vxlan.calico',
  level: 'node',
  format: (devices) => devices.join(' ') || 'none',
  compute(read) {
    const probe = read.probe(ipLinkProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const own = probe.value.find(({ name }) => name === 'vxlan.calico');
    const id = own?.details.id ?? setting(read.fact(felixSetting, 'vxlanVNI'), 4096);
    const port = own?.details.dstport ?? setting(read.fact(felixSetting, 'vxlanPort'), 4789);
    const found = probe.value.filter(
      ({ name, kind, details }) =>
        kind === 'vxlan' &&
        name !== 'vxlan.calico' &&
        details.id === id &&
        details.dstport === port &&
        (details.local === undefined ||
          own?.details.local === undefined ||
          details.local === own.details.local),
    );
    if (found.length === 0 && !probe.complete) {
      return unknown({ fact: 'VXLAN devices', command: 'ip -d link show type vxlan', where: 'node' });
    }
    const origins: Origin[] =
      found.length > 0 ? found.map((link) => at(probe.file, link)) : [at(probe.file, {})];
    return known(
      found.map(({ name }) => name),
      ...origins,
    );
  },
};

function setting(fact: { readonly state: string; readonly value?: string | null }, usual: number): number {
  return fact.state === 'known' && typeof fact.value === 'string' ? Number(fact.value) : usual;
}
