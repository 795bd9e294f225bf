import { buildOfRelease, compareBases, type KernelBuild, parseKernelBuild } from './builds.ts';
import { KERNEL_LINES } from './lines.ts';
import { type BuildOrder, orderInLine } from './stream.ts';
import type { KernelAnswer, KernelBuilds, KernelLineBorder, KernelRelease } from './types.ts';

/**
 * The answer of the vendor's own build numbers, or `undefined` where they do not decide: no build is recorded for this base
 * or flavour, or the release does not show its build.
 */
export function vendorAnswer(release: KernelRelease, border: KernelLineBorder): KernelAnswer | undefined {
  const { title } = KERNEL_LINES[release.line];
  const fixed = orderOf(release, border.fixed, border.fixedFlavours);
  if (fixed === 'at' || fixed === 'after') {
    return { answer: 'fixed', reason: `${release.raw} is not older than the ${title} build with the fix` };
  }
  const introduced = orderOf(release, border.introduced, border.introducedFlavours);
  if (introduced === 'before') {
    return {
      answer: 'fixed',
      reason: `${release.raw} is older than the ${title} build that brought the defect`,
    };
  }
  if (fixed === 'before' && introduced !== 'before-or-parallel') {
    return { answer: 'not-fixed', reason: `${release.raw} is older than the ${title} build with the fix` };
  }
  if (fixed === 'before' || fixed === 'before-or-parallel') {
    return {
      answer: 'uncertain',
      reason: `${release.raw} is of a ${title} stream with its own updates, whose fixed build is not known`,
    };
  }
  if (introduced === 'at') {
    return { answer: 'not-fixed', reason: `${release.raw} is the ${title} build that brought the defect` };
  }
  if (introduced === 'after') {
    return {
      answer: 'uncertain',
      reason: `${release.raw} is newer than the ${title} build that brought the defect, and the fixed build is not known`,
    };
  }
  return undefined;
}

function orderOf(
  release: KernelRelease,
  common: KernelBuilds | undefined,
  ofFlavours: Readonly<Record<string, KernelBuilds>> | undefined,
): BuildOrder {
  const own = release.flavour === undefined ? undefined : ofFlavours?.[release.flavour];
  if (own === undefined && (common === undefined || countsForItself(release))) return 'incomparable';
  const build = buildOfRelease(release);
  const changed = kernelBuildList(own ?? common).map((text) => parseKernelBuild(release.line, text));
  const comparable = changed
    .filter((candidate) => candidate !== undefined)
    .filter((candidate) => isComparable(release, candidate, own !== undefined))
    .map((candidate) => (showsAbiOnly(release) ? abiOf(candidate) : candidate));
  return orderInLine(release.line, build, comparable);
}

/** The recorded builds as a list. */
export function kernelBuildList(builds: KernelBuilds | undefined): readonly string[] {
  if (builds === undefined) return [];
  return typeof builds === 'string' ? [builds] : builds;
}

/** Flavours whose build numbers have nothing to do with those of the line's main kernel. */
function countsForItself({ line, build, flavour }: KernelRelease): boolean {
  // Ubuntu's cloud and board kernels count from 1000; generic, lowlatency and their variants share one count.
  if (line === 'ubuntu') return Number(/^\d+/.exec(build ?? '')?.[0] ?? 0) >= 1000;
  return line === 'sles' && flavour !== undefined && flavour !== 'default';
}

function isComparable(release: KernelRelease, candidate: KernelBuild, isOwnFlavour: boolean): boolean {
  const sameBase = compareBases(release.base, candidate.base) === 0;
  // Without `uname -v` a Debian release shows its ABI number, which is no package version, or no build at all.
  if (release.line === 'debian') return release.patchKnown && !(sameBase && release.build === undefined);
  // Photon builds its flavours from one upstream release, each with its own release number.
  if (release.line === 'photon') return isOwnFlavour || release.flavour === undefined || !sameBase;
  return true;
}

/** Ubuntu publishes one upload per ABI number, so the ABI decides where the upload is not known. */
function showsAbiOnly({ line, build }: KernelRelease): boolean {
  return line === 'ubuntu' && build?.includes('.') === false;
}

function abiOf(build: KernelBuild): KernelBuild {
  return { ...build, build: build.build.replace(/\..*$/, '') };
}
