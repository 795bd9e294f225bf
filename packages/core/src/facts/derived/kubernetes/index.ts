import type { AnyFactDefinition } from '../../fact.ts';
import { clusterDns, dnsByService } from './cluster-dns.ts';
import { deletionOverdue, finalizerOwners } from './deletion.ts';
import { controlPlaneFlag } from './flags.ts';
import { namespaceBlockers } from './namespace-blockers.ts';

/** Facts about Kubernetes itself: control plane settings, deletions that hang. */
export const KUBERNETES_FACTS: readonly AnyFactDefinition[] = [
  clusterDns,
  controlPlaneFlag,
  deletionOverdue,
  dnsByService,
  finalizerOwners,
  namespaceBlockers,
];
