import { compareKernelBuilds, isSameSeries, type KernelBuild } from './builds.ts';
import { KERNEL_LINES } from './lines.ts';
import type { KernelLine } from './types.ts';

/**
 * Where a build stands relative to the first builds with a change.
 * `before-or-parallel`: older by number, but of a stream that is still maintained and may have got the change itself.
 */
export type BuildOrder = 'before' | 'at' | 'after' | 'before-or-parallel' | 'incomparable';

/**
 * First build number of each RHEL minor release, oldest first.
 * They tell development builds (CentOS Stream) from released ones. https://access.redhat.com/articles/3078
 */
const MINOR_RELEASES: Readonly<Partial<Record<KernelLine, readonly number[]>>> = {
  rhel7: [123, 229, 327, 514, 693, 862, 957, 1062, 1127, 1160],
  rhel8: [80, 147, 193, 240, 305, 348, 372, 425, 477, 513, 553],
  rhel9: [70, 162, 284, 362, 427, 503, 570, 611, 687],
  rhel10: [55, 124, 211],
};

/**
 * Minor releases whose kernel lives on in an extended stream after the next one is out; a fix reaches them under their own
 * number. https://access.redhat.com/support/policy/updates/errata
 */
const EXTENDED_RELEASES: Readonly<Partial<Record<KernelLine, readonly number[]>>> = {
  rhel7: [229, 327, 514, 693, 862, 957, 1062],
  rhel8: [147, 193, 305, 372, 477],
  rhel9: [70, 284, 427, 570],
  rhel10: [55, 211],
};

/** Orders a build against the first changed builds of its line, one of which may be given per base and per stream. */
export function orderInLine(
  line: KernelLine,
  build: KernelBuild,
  changed: readonly KernelBuild[],
): BuildOrder {
  const candidates = changed.filter((candidate) => isSameSeries(candidate.base, build.base));
  const { streams } = KERNEL_LINES[line];
  if (candidates.length === 0) return 'incomparable';
  if (streams === 'minor-release') return orderOfMinorReleases(line, build, candidates);
  if (streams === 'first-number') return orderOfParallelStreams(line, build, candidates);
  return strictOrder(line, build, candidates);
}

/** Several builds of one stream: only what holds for all of them is certain. */
function strictOrder(line: KernelLine, build: KernelBuild, changed: readonly KernelBuild[]): BuildOrder {
  const orders = changed.map((candidate) => compareKernelBuilds(line, build, candidate));
  if (orders.every((order) => order < 0)) return 'before';
  if (orders.some((order) => order < 0)) return 'before-or-parallel';
  return orders.includes(0) ? 'at' : 'after';
}

/** Service packs with one base (SLES 15 SP4 and SP5) are told apart by the first number and get fixes each on its own. */
function orderOfParallelStreams(
  line: KernelLine,
  build: KernelBuild,
  changed: readonly KernelBuild[],
): BuildOrder {
  const sameStream = changed.filter((candidate) => streamOf(candidate) === streamOf(build));
  return sameStream.length === 0 ? 'incomparable' : strictOrder(line, build, sameStream);
}

function streamOf({ base, build }: KernelBuild): string {
  const first = /^[a-z]*\d+/.exec(build)?.[0] ?? '';
  // openEuler and EulerOS also write the date (`2107`, `vhulk2103`); such builds follow one another.
  const stream = /^(?:vhulk)?2\d{3}$/.test(first) ? 'dated' : first;
  return `${base.patch}-${stream}`;
}

function orderOfMinorReleases(
  line: KernelLine,
  build: KernelBuild,
  changed: readonly KernelBuild[],
): BuildOrder {
  const number = firstNumber(build);
  const same = changed.filter((candidate) => firstNumber(candidate) === number);
  if (same.length > 0) return strictOrder(line, build, same);
  const older = newest(changed.filter((candidate) => firstNumber(candidate) < number));
  const isRelease = (MINOR_RELEASES[line] ?? []).includes(number);
  if (older === undefined) return orderBeforeAll(line, build, isRelease);
  const nextRelease = (MINOR_RELEASES[line] ?? []).find((first) => first > firstNumber(older));
  const hasNewer = changed.some((candidate) => firstNumber(candidate) > number);
  if (nextRelease !== undefined && number >= nextRelease) {
    // Between two streams that are known to have it: this one was released later than the older of the two, and yet the
    // newer one needed a change of its own.
    return hasNewer ? 'before-or-parallel' : 'after';
  }
  // A development build on its way to the next minor release. It has the change if the change was made there; a change that
  // is known only from the maintenance stream may have come to development sooner or later.
  if (hasNewer) return 'before';
  return isMaintenance(older) ? 'incomparable' : 'after';
}

function orderBeforeAll(line: KernelLine, build: KernelBuild, isRelease: boolean): BuildOrder {
  const isExtended = isRelease && (EXTENDED_RELEASES[line] ?? []).includes(firstNumber(build));
  return isExtended && isMaintenance(build) ? 'before-or-parallel' : 'before';
}

/** `348.12.2` is an update of release 348; `348` is the first build, or a development build. */
function isMaintenance({ build }: KernelBuild): boolean {
  return build.includes('.');
}

function firstNumber({ build }: KernelBuild): number {
  return Number(/^\d+/.exec(build)?.[0] ?? 0);
}

function newest(builds: readonly KernelBuild[]): KernelBuild | undefined {
  return builds.reduce<KernelBuild | undefined>(
    (best, build) => (best === undefined || firstNumber(build) > firstNumber(best) ? build : best),
    undefined,
  );
}
