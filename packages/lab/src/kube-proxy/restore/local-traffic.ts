import type { LocalDetector } from '../model/options.ts';

/** Matches traffic of the node's own pods, or all other traffic (pkg/proxy/util/localdetector.go). */
export function matchLocal(detector: LocalDetector, isLocal: boolean): string {
  const not = isLocal ? '' : '! ';
  if ('clusterCIDR' in detector) return `${not}-s ${detector.clusterCIDR}`;
  if ('bridge' in detector) return `${not}-i ${detector.bridge}`;
  return `${not}-i ${detector.interfacePrefix}+`;
}
