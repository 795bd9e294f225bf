import { compareVersions, formatVersion, isVendorBuild, type Version } from '../schemes/semver/index.ts';
import type { RangeAnswer, VersionBound, VersionRange, VersionWindow } from './types.ts';

/**
 * Whether a release is in the range.
 *
 * A vendor build inside a window is uncertain, because the vendor may have taken the fix; outside it is `out`. In a window
 * without an upper bound there is no fix to take, so it is `in`. A pre-release of a release at which the answer changes
 * is uncertain, because nobody recorded in which pre-release the change came, unless a border names a pre-release of that
 * very version: then the two are compared. `1.27` is uncertain where its patch releases differ.
 */
export function rangeContains(range: VersionRange, version: Version): RangeAnswer {
  const upstream = upstreamAnswer(range, version);
  if (upstream.answer !== 'in' || !isVendorBuild(version)) return upstream;
  if (isInEndlessWindow(range, version)) return upstream;
  return { answer: 'uncertain', reason: `${upstream.reason}, and this vendor build may carry the fix` };
}

function upstreamAnswer(range: VersionRange, version: Version): RangeAnswer {
  if (version.patchMissing && version.preRelease === undefined) return patchlessAnswer(range, version);
  const name = formatVersion(version);
  if (version.preRelease === undefined) {
    return range.windows.some((window) => holdsAt(window, version))
      ? { answer: 'in', reason: `${name} is in ${range.text}` }
      : { answer: 'out', reason: `${name} is not in ${range.text}` };
  }
  return preReleaseAnswer(range, version, name);
}

function patchlessAnswer(range: VersionRange, version: Version): RangeAnswer {
  const holds = new Set(
    patchesToTry(range, version).map((patch) =>
      range.windows.some((window) => holdsAt(window, { ...version, patch })),
    ),
  );
  const name = `${version.major}.${version.minor}`;
  if (holds.size > 1) return { answer: 'uncertain', reason: `${name} does not say the patch release` };
  return holds.has(true)
    ? { answer: 'in', reason: `every ${name} release is in ${range.text}` }
    : { answer: 'out', reason: `no ${name} release is in ${range.text}` };
}

/** The answer can change only at a border, so the releases around the borders stand for all of that minor. */
function patchesToTry(range: VersionRange, version: Version): number[] {
  const patches = [0, Number.MAX_SAFE_INTEGER];
  for (const { lower, upper } of range.windows) {
    for (const border of [lower?.version, upper?.version]) {
      if (border?.major !== version.major || border.minor !== version.minor) continue;
      patches.push(Math.max(0, border.patch - 1), border.patch, border.patch + 1);
    }
  }
  return patches;
}

function preReleaseAnswer(range: VersionRange, version: Version, name: string): RangeAnswer {
  let before = false;
  let after = false;
  for (const window of range.windows) {
    if (namesPreReleaseOf(window, version)) {
      if (holdsAt(window, version)) return { answer: 'in', reason: `${name} is in ${range.text}` };
      continue;
    }
    before ||= holdsBefore(window, version);
    after ||= holdsAt(window, releaseOf(version));
  }
  if (before !== after) {
    return { answer: 'uncertain', reason: `${name} is a pre-release of a border of ${range.text}` };
  }
  return before
    ? { answer: 'in', reason: `${name} is in ${range.text}` }
    : { answer: 'out', reason: `${name} is not in ${range.text}` };
}

function namesPreReleaseOf(window: VersionWindow, version: Version): boolean {
  return [window.lower, window.upper].some(
    (bound) =>
      bound?.version.preRelease !== undefined &&
      compareVersions(releaseOf(bound.version), releaseOf(version)) === 0,
  );
}

function holdsAt(window: VersionWindow, version: Version): boolean {
  return isAbove(window.lower, version) && isUnder(window.upper, version);
}

/** Whether the releases right before x.y.z are in the window. */
function holdsBefore(window: VersionWindow, version: Version): boolean {
  const release = releaseOf(version);
  if (window.lower !== undefined) {
    const order = compareVersions(firstRelease(window.lower), release);
    if (order >= 0) return false;
  }
  return window.upper === undefined || compareVersions(firstReleaseAfter(window.upper), release) >= 0;
}

/** `>=a` starts at a, `>a` at the next patch release. */
function firstRelease(lower: VersionBound): Version {
  return lower.inclusive ? lower.version : nextPatch(lower.version);
}

function firstReleaseAfter(upper: VersionBound): Version {
  return upper.inclusive ? nextPatch(upper.version) : upper.version;
}

function nextPatch(version: Version): Version {
  return version.preRelease === undefined ? { ...version, patch: version.patch + 1 } : releaseOf(version);
}

function isAbove(lower: VersionBound | undefined, version: Version): boolean {
  if (lower === undefined) return true;
  const order = compareVersions(version, lower.version);
  return order > 0 || (order === 0 && lower.inclusive);
}

function isUnder(upper: VersionBound | undefined, version: Version): boolean {
  if (upper === undefined) return true;
  const order = compareVersions(version, upper.version);
  return order < 0 || (order === 0 && upper.inclusive);
}

function isInEndlessWindow(range: VersionRange, version: Version): boolean {
  return range.windows.some((window) => window.upper === undefined && isAbove(window.lower, version));
}

function releaseOf(version: Version): Version {
  const { preRelease: _, ...release } = version;
  return release;
}
