import type { AnyFactDefinition } from '../../fact.ts';
import { proxyConfiguration } from './configuration.ts';
import { connReuseMode, ipvsConntrack } from './conn-reuse-mode.ts';
import { conntrackFill } from './conntrack-fill.ts';
import { conntrackGrowth } from './conntrack-growth.ts';
import { duplicateAddresses } from './duplicate-addresses.ts';
import { endpointDifferences } from './endpoint-differences.ts';
import { acceptedExternalIPs, plainExternalIPs, rejectedExternalIPs } from './external-ips.ts';
import { proxyFeatureGate } from './feature-gate.ts';
import { forwardingBlocked } from './forwarding.ts';
import { topologyHints } from './hints.ts';
import {
  backendConflicts,
  backendDiffers,
  hostBackend,
  oneBackendShown,
  proxyBackend,
} from './iptables-backends.ts';
import { ipvsTcpTimeout } from './ipvs-timeout.ts';
import { leftOverModes } from './left-over-modes.ts';
import { markLoss } from './mark-loss.ts';
import { masqueradePorts } from './masquerade.ts';
import { masqueradeMark } from './masquerade-mark.ts';
import { proxyMode } from './mode.ts';
import { filteredIngress, unenforcedSourceRanges } from './nft-firewall.ts';
import { nodeAddressesOfService, nodeAddressesRejected } from './node-addresses.ts';
import { partialSync } from './partial-sync.ts';
import { proxySettingFact } from './setting.ts';
import { staleIpvsServers } from './stale-ipvs-servers.ts';
import { terminalEndpoints } from './terminal-endpoints.ts';
import { udpFaults } from './udp-entries.ts';
import { vxlanChecksumOffload } from './vxlan-offload.ts';

/** Facts about kube-proxy and the Service rules it writes. */
export const KUBE_PROXY_FACTS: readonly AnyFactDefinition[] = [
  acceptedExternalIPs,
  backendConflicts,
  backendDiffers,
  connReuseMode,
  conntrackFill,
  conntrackGrowth,
  duplicateAddresses,
  endpointDifferences,
  filteredIngress,
  forwardingBlocked,
  hostBackend,
  ipvsConntrack,
  ipvsTcpTimeout,
  leftOverModes,
  markLoss,
  masqueradeMark,
  masqueradePorts,
  nodeAddressesOfService,
  nodeAddressesRejected,
  oneBackendShown,
  partialSync,
  plainExternalIPs,
  proxyBackend,
  proxyConfiguration,
  proxyFeatureGate,
  proxyMode,
  proxySettingFact,
  rejectedExternalIPs,
  staleIpvsServers,
  terminalEndpoints,
  topologyHints,
  udpFaults,
  unenforcedSourceRanges,
  vxlanChecksumOffload,
];
