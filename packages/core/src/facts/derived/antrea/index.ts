import type { AnyFactDefinition } from '../../fact.ts';
import { agentConfig } from './agent-config.ts';
import { bandwidthPlugin } from './bandwidth-plugin.ts';
import { conntrackZones } from './conntrack-zones.ts';
import { datapath } from './datapath.ts';
import { antreaProxy, encryption, multicast } from './features.ts';
import { gateway } from './gateway.ts';
import { gatewayLosses } from './gateway-losses.ts';
import { gatewaySysctl } from './gateway-sysctl.ts';
import { gatewayAccepted, inputDrops, inputPolicy } from './input-policy.ts';
import { mixedGossip } from './mixed-releases.ts';
import { filePrefix, gatewayFile, gatewayHold, stockMatches } from './networkd.ts';
import { readyEndpoints } from './service-endpoints.ts';
import { agentSetting } from './setting.ts';
import { shapingFailures } from './shaping-failures.ts';
import { staleGatewayAddresses } from './stale-addresses.ts';
import { strictEgressDevices } from './strict-rp-filter.ts';

/** Facts about Antrea. */
export const ANTREA_FACTS: readonly AnyFactDefinition[] = [
  agentConfig,
  agentSetting,
  gateway,
  conntrackZones,
  datapath,
  inputDrops,
  inputPolicy,
  gatewayAccepted,
  bandwidthPlugin,
  shapingFailures,
  gatewayFile,
  gatewayHold,
  filePrefix,
  stockMatches,
  gatewayLosses,
  antreaProxy,
  encryption,
  multicast,
  gatewaySysctl,
  mixedGossip,
  readyEndpoints,
  staleGatewayAddresses,
  strictEgressDevices,
];
