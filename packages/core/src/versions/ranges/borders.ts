import { compareVersions, formatVersion, parseVersion, type Version } from '../schemes/semver/index.ts';
import { rangeContains } from './contains.ts';
import type { RangeBorder, VersionBound, VersionRange } from './types.ts';

/** Stands for "the last release of the line before", whose number the range does not tell. */
const LAST = 999;

/**
 * The releases at which the answer of {@link rangeContains} changes, in ascending order, each with a release just below it.
 * Where windows touch there is no border. Made for tests that check that a verdict flips at every border.
 */
export function rangeBorders(range: VersionRange): readonly RangeBorder[] {
  const found = new Map<string, RangeBorder>();
  for (const window of range.windows) {
    const candidates = [firstInside(window.lower), firstOutside(window.upper)];
    for (const version of candidates) {
      if (version === undefined) continue;
      const below = justBelow(version);
      const border = below === undefined ? { version } : { version, below };
      if (answersDiffer(range, border)) found.set(formatVersion(version), border);
    }
  }
  return [...found.values()].sort((a, b) => compareVersions(a.version, b.version));
}

function answersDiffer(range: VersionRange, { version, below }: RangeBorder): boolean {
  if (below === undefined) return true;
  return rangeContains(range, version).answer !== rangeContains(range, below).answer;
}

function firstInside(lower: VersionBound | undefined): Version | undefined {
  if (lower === undefined || lower.inclusive) return lower?.version;
  return justAbove(lower.version);
}

function firstOutside(upper: VersionBound | undefined): Version | undefined {
  if (upper === undefined || !upper.inclusive) return upper?.version;
  return justAbove(upper.version);
}

/** Nobody can say what comes after a pre-release, so it has no release just above it. */
function justAbove({ major, minor, patch, preRelease }: Version): Version | undefined {
  return preRelease === undefined ? make(`${major}.${minor}.${patch + 1}`) : undefined;
}

function justBelow({ major, minor, patch, preRelease }: Version): Version | undefined {
  if (preRelease !== undefined) return undefined;
  if (patch > 0) return make(`${major}.${minor}.${patch - 1}`);
  if (minor > 0) return make(`${major}.${minor - 1}.${LAST}`);
  return major > 0 ? make(`${major - 1}.${LAST}.${LAST}`) : undefined;
}

function make(text: string): Version | undefined {
  return parseVersion(text);
}
