import type { AnyFactDefinition } from '../../fact.ts';
import { kubevirtFatal } from './agent-fatal.ts';
import { bondDefects, bondWithoutVlan } from './bonds.ts';
import { controllerManagerFlags, kubeadmConfig } from './cluster-cidrs.ts';
import { autoTypeMismatch } from './coordinator/auto-type.ts';
import { coordinatorErrors } from './coordinator/errors.ts';
import { withheldStatus } from './coordinator/withheld-status.ts';
import { coordinatorDetection } from './detection.ts';
import { waitsForGc } from './gc-off-probe.ts';
import { configsMadeByInit, initDefaultCni, initFailures } from './init-multus-config.ts';
import { bareMultusNames, multusNameRefusals } from './ipam/bare-multus-names.ts';
import { blockedRetries } from './ipam/blocked-retries.ts';
import { duplicateAddresses, duplicateStatefulSetAddresses } from './ipam/duplicates.ts';
import { gcReleased } from './ipam/gc-released.ts';
import { notInherited } from './ipam/not-inherited.ts';
import { poolFull } from './ipam/pool-full.ts';
import { statefulSetUse } from './ipam/statefulset-use.ts';
import { missingAutoPools, thirdPartyOwned } from './ipam/third-party-workloads.ts';
import { multusInstalled } from './multus-installed.ts';
import { installationNamespace } from './namespace.ts';
import { panics } from './panics.ts';
import {
  ipGarbageCollection,
  kubevirtStaticIp,
  multusConfigEnabled,
  statefulSetIp,
  subnetFeature,
} from './settings.ts';
import { uninstallHook } from './uninstall-hook.ts';

/** Facts about Spiderpool and its Multus. */
export const SPIDERPOOL_FACTS: readonly AnyFactDefinition[] = [
  autoTypeMismatch,
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
  poolFull,
  statefulSetIp,
  statefulSetUse,
  subnetFeature,
  thirdPartyOwned,
  uninstallHook,
  waitsForGc,
  withheldStatus,
];
