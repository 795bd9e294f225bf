import { compareBases, isSameSeries, parseKernelBuild } from './builds.ts';
import { KERNEL_LINES } from './lines.ts';
import type { KernelAnswer, KernelBase, KernelBorder, KernelLineBorder, KernelRelease } from './types.ts';
import { kernelBuildList, vendorAnswer } from './vendor.ts';

/**
 * Whether a kernel has the fix of a defect. The first rule that decides gives the answer:
 *
 * 1. The line never had the defect: fixed.
 * 2. The vendor's builds are recorded for this base, stream and flavour: the build decides, both ways.
 * 3. The base is at least the mainline release with the fix: fixed (uncertain for its release candidates).
 * 4. The vendor never fixed the line: not fixed. The line is said to deviate: uncertain.
 * 5. The base is older than what brought the defect: fixed, where the line does not take such patches on its own.
 * 6. The stable series has a first fixed release: at or above it fixed; below it not fixed in a line that follows stable,
 *    uncertain in one that takes patches on its own or hides its patch level.
 * 7. The stable series has none: not fixed where that is certain, else uncertain.
 *
 * `unknown` if a version of the border cannot be read, or if the release hides whether it is one of the few stable releases
 * that had the defect.
 */
export function kernelFix(release: KernelRelease, border: KernelBorder): KernelAnswer {
  const ofLine = border.lines?.[release.line];
  const { title } = KERNEL_LINES[release.line];
  const unreadable = unreadableText(release, border, ofLine);
  if (unreadable !== undefined) return { answer: 'unknown', reason: `${unreadable} is not a kernel version` };
  if (ofLine?.notAffected) return { answer: 'fixed', reason: `the ${title} kernels never had the defect` };

  const byVendor = ofLine && vendorAnswer(release, ofLine);
  if (byVendor !== undefined) return byVendor;

  const byMainline = mainlineAnswer(release, border.mainline);
  if (byMainline !== undefined) return byMainline;

  if (ofLine?.neverFixed)
    return { answer: 'not-fixed', reason: `it was never fixed in the ${title} kernels` };
  if (ofLine?.uncertain)
    return { answer: 'uncertain', reason: `no fixed build of the ${title} kernels is known` };

  const upstream = introducedAnswer(release, border) ?? stableAnswer(release, border);
  if (upstream.answer === 'not-fixed' && ofLine?.fixed !== undefined) {
    // The vendor does ship the fix under its own numbers, only not comparable ones for this flavour or base.
    return {
      answer: 'uncertain',
      reason: `no fixed build of the ${title} kernels is known for ${release.raw}`,
    };
  }
  return upstream;
}

function unreadableText(
  release: KernelRelease,
  border: KernelBorder,
  ofLine: KernelLineBorder | undefined,
): string | undefined {
  const upstream = [border.mainline, ...(border.stable ?? []), ...(border.introducedStable ?? [])];
  if (border.introduced !== undefined) upstream.push(border.introduced);
  const flavours = [ofLine?.fixedFlavours, ofLine?.introducedFlavours].flatMap((record) =>
    Object.values(record ?? {}),
  );
  const builds = [ofLine?.fixed, ofLine?.introduced, ...flavours].flatMap((entry) => kernelBuildList(entry));
  return (
    upstream.find((text) => parseUpstream(text) === undefined) ??
    builds.find((text) => parseKernelBuild(release.line, text) === undefined)
  );
}

function parseUpstream(text: string): KernelBase | undefined {
  return /^\d+\.\d+(?:\.\d+)?$/.test(text) ? parseKernelBuild('mainline', text)?.base : undefined;
}

function mainlineAnswer(release: KernelRelease, mainline: string): KernelAnswer | undefined {
  const fixed = parseUpstream(mainline);
  if (fixed === undefined) return undefined;
  const order = compareBases(release.base, fixed);
  if (order < 0) return undefined;
  // The fix may have come with any of the release candidates.
  if (order === 0 && release.preRelease !== undefined) {
    return {
      answer: 'uncertain',
      reason: `${release.raw} is a release candidate of ${mainline}, which has the fix`,
    };
  }
  return { answer: 'fixed', reason: `${nameOf(release)} is not older than ${mainline}, which has the fix` };
}

function introducedAnswer(release: KernelRelease, border: KernelBorder): KernelAnswer | undefined {
  const origin = introducedIn(release, border);
  if (origin === undefined) return undefined;
  const { title, policy } = KERNEL_LINES[release.line];
  const reason = `${nameOf(release)} ${origin}`;
  if (policy === 'follows') return { answer: 'fixed', reason };
  // That a vendor took just the releases that broke something is possible, and no ground to suspect every kernel.
  if (border.introduced === undefined) {
    return { answer: 'unknown', reason: `${reason}, but ${title} takes patches of other series` };
  }
  // RHEL 8 (4.18) has defects of 5.1 and later, because the features were taken over.
  if (policy === 'frozen') {
    return { answer: 'uncertain', reason: `${reason}, but ${title} takes over newer code` };
  }
  // Ubuntu 6.8.0-56 got a defect that upstream brought only to the 5.15, 6.1, 6.6 and 6.11 series.
  if (border.introducedStable !== undefined) {
    return { answer: 'uncertain', reason: `${reason}, but ${title} takes patches of other series` };
  }
  return { answer: 'fixed', reason };
}

/** In which way a kernel is older than the defect; `undefined` if it may have it by its number. */
function introducedIn(release: KernelRelease, border: KernelBorder): string | undefined {
  const cameWith = inSeries(release, border.introducedStable);
  if (cameWith !== undefined) {
    if (!release.patchKnown || release.base.patch >= cameWith.patch) return undefined;
    return `is older than ${formatBase(cameWith)}, which brought the defect`;
  }
  // Without a mainline release it came with stable releases alone, and to no other series.
  if (border.introduced === undefined) {
    return border.introducedStable === undefined ? undefined : 'is of a series that never got the defect';
  }
  const introduced = parseUpstream(border.introduced);
  if (introduced === undefined || compareBases(release.base, introduced) >= 0) return undefined;
  return `is older than ${border.introduced}, which brought the defect`;
}

function stableAnswer(release: KernelRelease, border: KernelBorder): KernelAnswer {
  const { title, policy } = KERNEL_LINES[release.line];
  const fixed = inSeries(release, [...(border.stable ?? []), border.mainline]);
  if (fixed === undefined) return unlistedSeriesAnswer(release, border);
  const name = formatBase(fixed);
  const cameWith = inSeries(release, border.introducedStable);
  if (!release.patchKnown && cameWith !== undefined) {
    // Only a few releases of the series had the defect; most kernels of the series never did.
    return {
      answer: 'unknown',
      reason: `${release.raw} does not show whether it is between ${formatBase(cameWith)} and ${name}`,
    };
  }
  if (!release.patchKnown) {
    return {
      answer: 'uncertain',
      reason: `${release.raw} does not show whether it includes ${name}, which has the fix`,
    };
  }
  if (release.base.patch >= fixed.patch) {
    return { answer: 'fixed', reason: `${nameOf(release)} is not older than ${name}, which has the fix` };
  }
  const reason = `${nameOf(release)} is older than ${name}, which has the fix`;
  if (policy === 'follows') return { answer: 'not-fixed', reason };
  return { answer: 'uncertain', reason: `${reason}, but ${title} may carry the patch` };
}

/**
 * A fix goes to every series that is maintained at the time, down to the oldest that takes it. So a series between two that
 * got it had ended; about an older one nothing is known: it may not have had the defect.
 */
function unlistedSeriesAnswer(release: KernelRelease, border: KernelBorder): KernelAnswer {
  const { title, policy } = KERNEL_LINES[release.line];
  const reason = `${nameOf(release)} is older than ${border.mainline}, which has the fix`;
  if (policy !== 'follows')
    return { answer: 'uncertain', reason: `${reason}, but ${title} may carry the patch` };
  if (border.stable === undefined) {
    return { answer: 'uncertain', reason: `${reason}, and the fixed stable releases are not known` };
  }
  const listed = border.stable.map(parseUpstream).filter((base) => base !== undefined);
  if (listed.length > 0 && listed.every((base) => compareBases(base, release.base) > 0)) {
    return { answer: 'uncertain', reason: `${reason}, and nothing is known about its series` };
  }
  return { answer: 'not-fixed', reason: `${reason}, and its series never got it` };
}

/** The first changed release of the series that a kernel belongs to. */
function inSeries(release: KernelRelease, versions: readonly string[] | undefined): KernelBase | undefined {
  return versions?.map(parseUpstream).find((base) => base !== undefined && isSameSeries(base, release.base));
}

function nameOf(release: KernelRelease): string {
  const base = formatBase(release.base);
  return release.raw.startsWith(base) ? release.raw : `${release.raw} (${base})`;
}

function formatBase({ major, minor, patch }: KernelBase): string {
  return `${major}.${minor}.${patch}`;
}
