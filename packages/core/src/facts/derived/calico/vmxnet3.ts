import type { Link } from '../../../parsers/ip-link/index.ts';
import { ethtoolDriverProbe, ipLinkProbe } from '../../../probes/network.ts';
import { dmiVendorProbe } from '../../../probes/system.ts';
import { type Fact, type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { offloadFeature } from '../offload/index.ts';
import { vxlanParent } from './vxlan-parent.ts';

/** Whether a vmxnet3 card under the VXLAN device offers to finish tunnel packets: `none`: there is no such card. */
export type Vmxnet3Offload = 'on' | 'off' | 'none';

const HIDDEN = 'whether the ESXi host does it right can not be seen from the node';
const FEATURES = ['tx-udp_tnl-segmentation', 'tx-udp_tnl-csum-segmentation'];

/**
 * Tunnel offload of the VMware cards that carry this node's VXLAN packets, through bonds, VLANs and bridges.
 * `on` stays uncertain, as the fault sits in the hypervisor.
 */
export const vmxnet3Offload: FactDefinition<Vmxnet3Offload> = {
  id: 'calico.vmxnet3-tunnel-offload',
  title: 'tunnel offload of vmxnet3',
  level: 'node',
  compute(read) {
    const vendor = read.probe(dmiVendorProbe);
    if (vendor.state === 'read' && vendor.value !== undefined && !/vmware/i.test(vendor.value.vendor)) {
      return known('none', at(vendor.file, vendor.value));
    }
    const cards = read.fact(vmxnet3Cards);
    if (cards.state === 'unknown') return cards;
    if (cards.value.length === 0) return known('none', from(vmxnet3Cards));
    return offloadOf(read, cards.value);
  },
};

/** Names of the vmxnet3 cards below the parent device of vxlan.calico. */
export const vmxnet3Cards: FactDefinition<readonly string[]> = {
  id: 'calico.vmxnet3-cards',
  title: 'vmxnet3 cards under vxlan.calico',
  level: 'node',
  key: (cards) => cards.join(' '),
  format: (cards) => cards.join(' ') || 'none',
  compute(read) {
    const parent = read.fact(vxlanParent);
    if (parent.state === 'unknown') return parent;
    const links = read.probe(ipLinkProbe);
    const devices = lowest(links.state === 'read' ? links.value : [], parent.value, 4);
    const cards: string[] = [];
    const origins = [];
    for (const device of devices) {
      const driver = read.probe(ethtoolDriverProbe, device);
      if (driver.state === 'missing') return unknown(driver.missing);
      if (driver.value.driver === undefined) {
        return unknown({ fact: `driver of ${device}`, command: `ethtool -i ${device}`, where: 'node' });
      }
      origins.push(at(driver.file, driver.value.fields.get('driver') ?? {}));
      if (driver.value.driver === 'vmxnet3') cards.push(device);
    }
    return known(cards, ...origins);
  },
};

/** Physical devices below a bond, a bridge or a VLAN. */
function lowest(links: readonly Link[], name: string, depth: number): readonly string[] {
  const link = links.find((one) => one.name === name);
  const ports = links
    .filter(({ master, kind }) => master === name && kind !== 'veth')
    .map((port) => port.name);
  const under = link?.kind === 'vlan' && link.peer !== undefined ? [link.peer] : ports;
  if (depth === 0 || under.length === 0) return [name];
  return under.flatMap((one) => lowest(links, one, depth - 1));
}

function offloadOf(read: Reader, cards: readonly string[]): Fact<Vmxnet3Offload> {
  const asked = cards.flatMap((card) => FEATURES.map((feature) => `${card}/${feature}`));
  const facts = asked.map((parameter) => ({ parameter, fact: read.fact(offloadFeature, parameter) }));
  const on = facts.find(({ fact }) => fact.state === 'known' && fact.value === 'on');
  if (on !== undefined) {
    return knownUncertain('on', HIDDEN, from(vmxnet3Cards), from(offloadFeature, on.parameter));
  }
  const open = facts.find(({ fact }) => fact.state === 'unknown');
  if (open?.fact.state === 'unknown') return unknown(...open.fact.missing);
  return known('off', from(vmxnet3Cards), ...asked.map((parameter) => from(offloadFeature, parameter)));
}
