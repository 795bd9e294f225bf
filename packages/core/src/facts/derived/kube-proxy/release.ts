import { parseRange, rangeContains, type Version, type VersionRange } from '../../../versions/index.ts';
import type { Fact } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { type ComponentVersion, versionOf } from '../components/versions.ts';

const ranges = new Map<string, VersionRange>();

/** Whether a release lies in windows written as in catalogue entries, for facts that follow kube-proxy's own rules. */
export function isIn(version: Version, windows: string): 'in' | 'out' | 'uncertain' {
  let range = ranges.get(windows);
  if (range === undefined) {
    const parsed = parseRange(windows);
    if (!parsed.ok) throw new Error(`range ${windows}: ${parsed.reason}`);
    range = parsed.range;
    ranges.set(windows, range);
  }
  return rangeContains(range, version).answer;
}

/** The release of kube-proxy on the node. */
export function kubeProxyRelease(read: Reader): Fact<ComponentVersion> {
  const definition = versionOf('kube-proxy');
  if (definition === undefined) throw new Error('there is no version fact of kube-proxy');
  return read.fact(definition);
}

/** The same as a definition, to point at its evidence. */
export function kubeProxyReleaseFact() {
  const definition = versionOf('kube-proxy');
  if (definition === undefined) throw new Error('there is no version fact of kube-proxy');
  return definition;
}
