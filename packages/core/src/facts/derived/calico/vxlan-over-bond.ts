import { ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { vxlanParent } from './vxlan-parent.ts';

/** Whether the VXLAN packets leave through a bond. Uncertain where they do: one report names it, and no cause. */
export const vxlanOverBond: FactDefinition<boolean> = {
  id: 'calico.vxlan-over-bond',
  title: 'vxlan.calico stands on a bond',
  level: 'node',
  compute(read) {
    const parent = read.fact(vxlanParent);
    if (parent.state === 'unknown') return parent;
    const probe = read.probe(ipLinkProbe);
    const link = probe.state === 'read' ? probe.value.find(({ name }) => name === parent.value) : undefined;
    if (probe.state === 'missing' || link === undefined) {
      return unknown({
        fact: `kind of ${parent.value}`,
        command: `ip -d link show ${parent.value}`,
        where: 'node',
      });
    }
    const origins = [at(probe.file, link), from(vxlanParent)];
    if (link.kind !== 'bond' && !link.flags.includes('MASTER')) return known(false, ...origins);
    return knownUncertain(true, 'known from one report, whose cause is not established', ...origins);
  },
};
