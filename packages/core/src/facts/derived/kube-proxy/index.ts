import type { AnyFactDefinition } from '../../fact.ts';
import { proxyConfiguration } from './configuration.ts';
import { connReuseMode, ipvsConntrack } from './conn-reuse-mode.ts';
import { conntrackGrowth } from './conntrack-growth.ts';
import { endpointDifferences } from './endpoint-differences.ts';
import { plainExternalIPs, rejectedExternalIPs } from './external-ips.ts';
import { proxyFeatureGate } from './feature-gate.ts';
import { backendConflicts, backendDiffers, hostBackend, proxyBackend } from './iptables-backends.ts';
import { masqueradePorts } from './masquerade.ts';
import { proxyMode } from './mode.ts';
import { unenforcedSourceRanges } from './nft-firewall.ts';
import { proxySettingFact } from './setting.ts';
import { staleIpvsServers } from './stale-ipvs-servers.ts';

/** Facts about kube-proxy and the Service rules it writes. */
export const KUBE_PROXY_FACTS: readonly AnyFactDefinition[] = [
  backendConflicts,
  backendDiffers,
  connReuseMode,
  conntrackGrowth,
  endpointDifferences,
  hostBackend,
  ipvsConntrack,
  masqueradePorts,
  plainExternalIPs,
  proxyBackend,
  proxyConfiguration,
  proxyFeatureGate,
  proxyMode,
  proxySettingFact,
  rejectedExternalIPs,
  staleIpvsServers,
  unenforcedSourceRanges,
];
