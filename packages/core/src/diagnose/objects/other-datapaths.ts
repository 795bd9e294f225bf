import type { Namespace } from '../../datapath/model/namespace.ts';

/** Devices of agents that translate services and enforce policies before packet filters see a packet: by eBPF, or in OVN. */
const BESIDE_FILTERS = ['cilium_host', 'bpfin.cali', 'ovn-k8s-mp0'];

/** Whether a node handles services and policies by means that its packet filters do not show. */
export function bypassesFilters(host: Namespace): boolean {
  return BESIDE_FILTERS.some((device) => host.interface(device) !== undefined);
}
