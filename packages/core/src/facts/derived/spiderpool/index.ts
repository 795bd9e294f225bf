import type { AnyFactDefinition } from '../../fact.ts';
import { kubevirtFatal } from './agent-fatal.ts';
import { bondDefects, bondWithoutVlan } from './bonds.ts';
import { controllerManagerFlags, kubeadmConfig, kubeadmExtraKeys } from './cluster-cidrs.ts';
import { autoTypeMismatch, clusterTypeMismatch, hijacksCilium } from './coordinator/cilium-mismatch.ts';
import { ciliumIpam, singleFamilyPools } from './coordinator/cilium-pools.ts';
import { coordinatorErrors } from './coordinator/errors.ts';
import { withheldStatus } from './coordinator/withheld-status.ts';
import { coordinatorDetection } from './detection.ts';
import { waitsForGc } from './gc-off-probe.ts';
import { configsMadeByInit, initDefaultCni, initFailures } from './init-multus-config.ts';
import { bareMultusNames, multusNameRefusals } from './ipam/bare-multus-names.ts';
import { blockedRetries, unservedRecords } from './ipam/blocked-retries.ts';
import { duplicateAddresses, duplicateStatefulSetAddresses } from './ipam/duplicates.ts';
import { gcReleased } from './ipam/gc-released.ts';
import { notInherited } from './ipam/not-inherited.ts';
import { poolCapReached } from './ipam/pool-cap.ts';
import { poolFull } from './ipam/pool-full.ts';
import { endpointRefusals, staleEndpoint } from './ipam/stale-endpoint.ts';
import { statefulSetUse } from './ipam/statefulset-use.ts';
import { surplusRecords } from './ipam/surplus-records.ts';
import { missingAutoPools, thirdPartyOwned } from './ipam/third-party-workloads.ts';
import { unprotectedAddresses } from './ipam/unprotected.ts';
import { ciliumBackups } from './multus/cilium-backup.ts';
import { clusterNetwork } from './multus/cluster-network.ts';
import { daemonKilled, daemonMemory, multusKind, plainCopy, thinRefresh } from './multus/daemon.ts';
import { multusIsFirst } from './multus/first-file.ts';
import { podsWithoutNetworks } from './multus/networks.ts';
import { multusInstalled } from './multus-installed.ts';
import { installationNamespace } from './namespace.ts';
import { panics } from './panics.ts';
import { agentCrashes, controllerPanics, controllersNotReady } from './pod-health.ts';
import {
  gatewayDetection,
  ipConflictDetection,
  ipGarbageCollection,
  kubevirtStaticIp,
  multusConfigEnabled,
  statefulSetIp,
  subnetFeature,
  terminatingPods,
  zombieOnNotReadyNode,
  zombieOnReadyNode,
} from './settings.ts';
import { uninstallHook } from './uninstall-hook.ts';
import {
  duplicateStatusAddresses,
  leakedAllocations,
  orphanReservations,
} from './whereabouts/allocations.ts';

/** Facts about Spiderpool and its Multus. */
export const SPIDERPOOL_FACTS: readonly AnyFactDefinition[] = [
  agentCrashes,
  autoTypeMismatch,
  clusterTypeMismatch,
  hijacksCilium,
  controllerPanics,
  controllersNotReady,
  unservedRecords,
  ciliumBackups,
  ciliumIpam,
  daemonKilled,
  daemonMemory,
  duplicateStatusAddresses,
  endpointRefusals,
  gatewayDetection,
  ipConflictDetection,
  kubeadmExtraKeys,
  leakedAllocations,
  multusIsFirst,
  multusKind,
  orphanReservations,
  plainCopy,
  podsWithoutNetworks,
  singleFamilyPools,
  staleEndpoint,
  surplusRecords,
  terminatingPods,
  thinRefresh,
  unprotectedAddresses,
  zombieOnNotReadyNode,
  zombieOnReadyNode,
  bareMultusNames,
  blockedRetries,
  bondDefects,
  bondWithoutVlan,
  configsMadeByInit,
  controllerManagerFlags,
  coordinatorDetection,
  coordinatorErrors,
  duplicateAddresses,
  duplicateStatefulSetAddresses,
  gcReleased,
  initDefaultCni,
  initFailures,
  installationNamespace,
  ipGarbageCollection,
  kubeadmConfig,
  kubevirtFatal,
  kubevirtStaticIp,
  missingAutoPools,
  multusConfigEnabled,
  multusInstalled,
  multusNameRefusals,
  notInherited,
  panics,
  clusterNetwork,
  poolCapReached,
  poolFull,
  statefulSetIp,
  statefulSetUse,
  subnetFeature,
  thirdPartyOwned,
  uninstallHook,
  waitsForGc,
  withheldStatus,
];
