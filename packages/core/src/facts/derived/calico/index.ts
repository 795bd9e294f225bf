import type { AnyFactDefinition } from '../../fact.ts';
import { cniInstallers } from './cni-installers.ts';
import { cniMismatch, cniMismatchSeen, cniPluginsReachable } from './cni-mismatch.ts';
import { pluginsNotFound } from './cni-plugins-not-found.ts';
import { runtimeCniDirectories } from './cni-runtime-directories.ts';
import { encapsulation } from './encapsulation.ts';
import { felixIptables } from './felix-iptables.ts';
import { brokenKernelNumber, felixOffload } from './felix-offload.ts';
import { felixSetting } from './felix-setting.ts';
import { gatewayFaults, proxyArpOffDevices } from './gateway-faults.ts';
import { hostIptables } from './host-iptables.ts';
import { ipPools } from './ip-pools.ts';
import { nodeAddresses } from './node-addresses.ts';
import { nodeController } from './node-controller.ts';
import { outerNat } from './outer-nat.ts';
import { splitRules } from './split-rules.ts';
import { staleDirectRoutes, staleRouteCommands } from './stale-direct-routes.ts';
import { checksumOverride, tunnelChecksum } from './tunnel-checksum.ts';
import { vmxnet3Cards, vmxnet3Offload } from './vmxnet3.ts';
import { vxlanParent } from './vxlan-parent.ts';

/** Facts about Calico, and about the directories in which its CNI plugin must be found. */
export const CALICO_FACTS: readonly AnyFactDefinition[] = [
  brokenKernelNumber,
  checksumOverride,
  cniInstallers,
  cniMismatch,
  cniMismatchSeen,
  cniPluginsReachable,
  encapsulation,
  felixIptables,
  felixOffload,
  felixSetting,
  gatewayFaults,
  hostIptables,
  ipPools,
  nodeAddresses,
  nodeController,
  outerNat,
  pluginsNotFound,
  proxyArpOffDevices,
  runtimeCniDirectories,
  splitRules,
  staleDirectRoutes,
  staleRouteCommands,
  tunnelChecksum,
  vmxnet3Cards,
  vmxnet3Offload,
  vxlanParent,
];
