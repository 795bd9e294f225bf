import type { AnyFactDefinition } from '../../fact.ts';
import { cniInstallers } from './cni-installers.ts';
import { cniMismatch, cniMismatchSeen, cniPluginsReachable } from './cni-mismatch.ts';
import { pluginsNotFound } from './cni-plugins-not-found.ts';
import { runtimeCniDirectories } from './cni-runtime-directories.ts';
import { bpfEnabled, ebpfFaults } from './ebpf-faults.ts';
import { encapsulation } from './encapsulation.ts';
import { felixIptables } from './felix-iptables.ts';
import { brokenKernelNumber, felixOffload } from './felix-offload.ts';
import { felixSetting } from './felix-setting.ts';
import { gatewayFaults, proxyArpOffDevices } from './gateway-faults.ts';
import { addressConflicts } from './healthy-node/address-conflicts.ts';
import { addressHolders } from './healthy-node/address-holders.ts';
import { bgpMesh } from './healthy-node/bgp-mesh.ts';
import { dispatchFaults } from './healthy-node/dispatch.ts';
import { foreignAddresses } from './healthy-node/foreign-addresses.ts';
import { forwardingOff } from './healthy-node/forwarding.ts';
import { masksDiffer } from './healthy-node/masks.ts';
import { podInterfaceFaults } from './healthy-node/pod-interfaces.ts';
import { remoteBlocks } from './healthy-node/remote-blocks.ts';
import { remoteRouteFaults } from './healthy-node/remote-routes.ts';
import { tunnelDeviceFaults } from './healthy-node/tunnel-device.ts';
import { tunnelSetFaults } from './healthy-node/tunnel-sets.ts';
import { hostIptables } from './host-iptables.ts';
import { calicoNamespace, operatorManaged } from './installation.ts';
import { ipPools } from './ip-pools.ts';
import { brokenIpipCards } from './ipip-nic.ts';
import { ipsetFailure, nftTableFailure, toolingFailure } from './log-failures.ts';
import { calicoDevicesExcluded, managedDevices, networkManagerActive } from './managed-devices.ts';
import { mtuFaults } from './mtu-faults.ts';
import { nftablesMode } from './nftables-mode.ts';
import { addressMethod, nodeAddressDiffers, nodeAddressFaults } from './node-address-faults.ts';
import { nodeAddresses } from './node-addresses.ts';
import { nodeController } from './node-controller.ts';
import { orphanBlocks } from './orphan-blocks.ts';
import { outerNat } from './outer-nat.ts';
import { peerEntryFaults } from './peer-entries.ts';
import { podsWithoutRoute } from './pods-without-route.ts';
import { poolModes } from './pool-modes.ts';
import { loadBalancerPools, natOutgoing } from './pool-uses.ts';
import { provider } from './provider.ts';
import { splitRules } from './split-rules.ts';
import { staleDirectRoutes, staleRouteCommands } from './stale-direct-routes.ts';
import { checksumOverride, tunnelChecksum } from './tunnel-checksum.ts';
import { tunnelMacs } from './tunnel-macs.ts';
import { nodesPerTypha } from './typha-load.ts';
import { vmxnet3Cards, vmxnet3Offload } from './vmxnet3.ts';
import { vtepMac } from './vtep-mac.ts';
import { vxlanConflicts } from './vxlan-conflicts.ts';
import { borrowedTunnelAddress, incompleteNeighbours, sharedNeighbourMacs } from './vxlan-neighbours.ts';
import { vxlanOverBond } from './vxlan-over-bond.ts';
import { vxlanParent } from './vxlan-parent.ts';

/** Facts about Calico, and about the directories in which its CNI plugin must be found. */
export const CALICO_FACTS: readonly AnyFactDefinition[] = [
  addressConflicts,
  addressHolders,
  addressMethod,
  bgpMesh,
  borrowedTunnelAddress,
  bpfEnabled,
  brokenIpipCards,
  brokenKernelNumber,
  calicoDevicesExcluded,
  calicoNamespace,
  checksumOverride,
  cniInstallers,
  cniMismatch,
  cniMismatchSeen,
  cniPluginsReachable,
  dispatchFaults,
  ebpfFaults,
  encapsulation,
  felixIptables,
  felixOffload,
  felixSetting,
  foreignAddresses,
  forwardingOff,
  gatewayFaults,
  hostIptables,
  incompleteNeighbours,
  ipPools,
  ipsetFailure,
  loadBalancerPools,
  managedDevices,
  masksDiffer,
  mtuFaults,
  natOutgoing,
  networkManagerActive,
  nftablesMode,
  nftTableFailure,
  nodeAddressDiffers,
  nodeAddresses,
  nodeAddressFaults,
  nodeController,
  nodesPerTypha,
  operatorManaged,
  orphanBlocks,
  outerNat,
  peerEntryFaults,
  pluginsNotFound,
  podInterfaceFaults,
  podsWithoutRoute,
  poolModes,
  provider,
  proxyArpOffDevices,
  remoteBlocks,
  remoteRouteFaults,
  runtimeCniDirectories,
  sharedNeighbourMacs,
  splitRules,
  staleDirectRoutes,
  staleRouteCommands,
  toolingFailure,
  tunnelChecksum,
  tunnelMacs,
  tunnelDeviceFaults,
  tunnelSetFaults,
  vmxnet3Cards,
  vmxnet3Offload,
  vtepMac,
  vxlanConflicts,
  vxlanOverBond,
  vxlanParent,
];
