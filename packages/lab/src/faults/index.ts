import { addressConflict } from './address-conflict/index.ts';
import { backendsMixed } from './backends-mixed/index.ts';
import { checksumOffload } from './checksum-offload/index.ts';
import { dnsBroken } from './dns-broken/index.ts';
import type { Fault } from './fault.ts';
import { filterRule } from './filter-rule/index.ts';
import { forwardingOff } from './forwarding-off/index.ts';
import { hostRouteMissing } from './host-route-missing/index.ts';
import { ipvsServerMissing } from './ipvs-server-missing/index.ts';
import { mtuTooBig } from './mtu-too-big/index.ts';
import { neighbourWrong } from './neighbour-wrong/index.ts';
import { networkPolicy } from './network-policy/index.ts';
import { nodeAddressWrong } from './node-address-wrong/index.ts';
import { podInterfaceDown } from './pod-interface-down/index.ts';
import { podRouteMissing } from './pod-route-missing/index.ts';
import { proxyArpOff } from './proxy-arp-off/index.ts';
import { rpFilter } from './rp-filter/index.ts';
import { serviceNoReadyEndpoints } from './service-no-ready-endpoints/index.ts';
import { serviceRuleMissing } from './service-rule-missing/index.ts';
import { staleDnatTarget } from './stale-dnat-target/index.ts';
import { tunnelEndpointUnknown } from './tunnel-endpoint-unknown/index.ts';
import { tunnelFdbWrong } from './tunnel-fdb-wrong/index.ts';
import { tunnelPeerFiltered } from './tunnel-peer-filtered/index.ts';
import { underlayFilter } from './underlay-filter/index.ts';

/** Every fault that a lab can have, in the order of a packet's way. */
export const FAULTS: readonly Fault[] = [
  podRouteMissing,
  podInterfaceDown,
  neighbourWrong,
  proxyArpOff,
  hostRouteMissing,
  forwardingOff,
  rpFilter,
  addressConflict,
  mtuTooBig,
  tunnelEndpointUnknown,
  tunnelFdbWrong,
  tunnelPeerFiltered,
  nodeAddressWrong,
  underlayFilter,
  checksumOffload,
  filterRule,
  networkPolicy,
  backendsMixed,
  serviceRuleMissing,
  serviceNoReadyEndpoints,
  staleDnatTarget,
  ipvsServerMissing,
  dnsBroken,
];

/** The fault of a name; undefined where there is none. */
export function faultById(id: string): Fault | undefined {
  return FAULTS.find((fault) => fault.id === id);
}
