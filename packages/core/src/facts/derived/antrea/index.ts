import type { AnyFactDefinition } from '../../fact.ts';
import { agentConfig } from './agent-config.ts';
import { bandwidthPlugin } from './bandwidth-plugin.ts';
import { conntrackZones } from './conntrack-zones.ts';
import { datapath } from './datapath.ts';
import { gateway } from './gateway.ts';
import { gatewayLosses } from './gateway-losses.ts';
import { gatewayAccepted, inputPolicy } from './input-policy.ts';
import { filePrefix, gatewayFile, gatewayHold, stockMatches } from './networkd.ts';
import { agentSetting } from './setting.ts';
import { shapingFailures } from './shaping-failures.ts';

/** Facts about Antrea. */
export const ANTREA_FACTS: readonly AnyFactDefinition[] = [
  agentConfig,
  agentSetting,
  gateway,
  conntrackZones,
  datapath,
  inputPolicy,
  gatewayAccepted,
  bandwidthPlugin,
  shapingFailures,
  gatewayFile,
  gatewayHold,
  filePrefix,
  stockMatches,
  gatewayLosses,
];
