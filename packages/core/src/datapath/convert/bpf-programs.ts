import type { UnsurePoint } from '../choices/choices.ts';
import type { Interfaces } from './interfaces.ts';

/** Devices that a network component makes only where its eBPF programs forward packets. */
const SIGNS: readonly { readonly owner: string; readonly device: RegExp }[] = [
  { owner: 'Cilium', device: /^cilium_(?:host|net)$/ },
  // Felix attaches its programs for whole devices to this pair (felix/dataplane/linux/bpf_ep_mgr.go).
  { owner: 'Calico', device: /^bpf(?:in|out)\.cali$/ },
];

/** eBPF programs that take packets past routes and rules, told by the devices that go with them. They are not collected. */
export function bpfPrograms(interfaces: Interfaces | undefined): readonly UnsurePoint[] {
  return SIGNS.flatMap(({ owner, device }) => {
    const sign = [...(interfaces?.all.values() ?? [])].find(({ name, isUp }) => isUp && device.test(name));
    if (sign === undefined) return [];
    const text = `${sign.name} shows that eBPF programs of ${owner} handle packets here, which are not modelled`;
    return [{ ...sign.place, text, isMissing: false }];
  });
}
