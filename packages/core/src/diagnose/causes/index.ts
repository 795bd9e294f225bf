import type { Cause } from '../model/diagnosis.ts';
import { addressConflict } from './address-conflict/index.ts';
import { backendsMixed } from './backends-mixed/index.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from './cause.ts';
import { checksumOffload } from './checksum-offload/index.ts';
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
import { unexplained } from './unexplained/index.ts';

/** Every kind of cause but the last resort. Of two that explain the same loss, the first one is the better explanation. */
const CAUSES: readonly CauseDefinition[] = [
  serviceNoReadyEndpoints,
  serviceRuleMissing,
  ipvsServerMissing,
  staleDnatTarget,
  addressConflict,
  forwardingOff,
  podInterfaceDown,
  podRouteMissing,
  proxyArpOff,
  nodeAddressWrong,
  hostRouteMissing,
  tunnelFdbWrong,
  neighbourWrong,
  tunnelEndpointUnknown,
  rpFilter,
  mtuTooBig,
  tunnelPeerFiltered,
  backendsMixed,
  networkPolicy,
  underlayFilter,
  filterRule,
  checksumOffload,
];

/** The one best explanation of a leg that is lost, and all hazards on it. */
export function explainLeg(leg: Leg, context: DiagnosisContext): readonly Cause[] {
  const found = CAUSES.map((definition) => definition.find(leg, context));
  const best = found.find((causes) => causes.some(isBlocking)) ?? unexplained.find(leg, context);
  return [...best.filter(isBlocking), ...found.flat().filter((cause) => !isBlocking(cause))];
}

function isBlocking({ effect }: Cause): boolean {
  return effect === 'blocks';
}
