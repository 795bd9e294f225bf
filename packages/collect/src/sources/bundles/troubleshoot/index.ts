/*
 * Support bundles of troubleshoot.sh (`kubectl support-bundle`): cluster-resources/<resource>.json for the cluster,
 * cluster-resources/<resource>/<namespace>.json, cluster-resources/custom-resources/<crd>[/<namespace>].yaml, logs of pods.
 * Sources: replicatedhq/troubleshoot, pkg/constants/constants.go, pkg/collect/cluster_resources.go, pkg/collect/logs.go,
 * pkg/collect/cluster_info.go
 */
import type { LayoutKind } from '../../layout/layout.ts';
import { rootOf } from '../roots.ts';
import { TroubleshootLayout } from './layout.ts';

/** A support bundle of troubleshoot.sh. */
export const troubleshoot: LayoutKind = {
  id: 'troubleshoot',
  title: 'troubleshoot.sh support bundle',
  recognise: (path) => rootOf(path, /^cluster-resources\/.+\.json$/),
  open: (root) => new TroubleshootLayout(root),
};
