import { compareDeb } from '../schemes/deb/index.ts';
import { compareRpm } from '../schemes/rpm/index.ts';
import { KERNEL_LINES } from './lines.ts';
import type { KernelBase, KernelLine, KernelRelease } from './types.ts';

/** A vendor's package version taken apart. */
export interface KernelBuild {
  readonly base: KernelBase;
  /** Empty where the text has none, which sorts first. */
  readonly build: string;
}

// Distribution tags, real-time counters, architectures and flavours: they name the variant, not the age.
const TAG = /(?:\.rt\d|\.(?:el|fc|amzn|ph|oe|ky|an|al|tl|azl|cm|hce|eulerosv)\d).*$/;
const FLAVOUR = /(?:^|-)[a-z][a-z-]*$/i;

/**
 * Reads a package version or a kernel release of a line: `4.18.0-305.12.1.el8_4`, `5.15.0-87.97`, `5.15.0-91-generic`,
 * `4.19.87-4.ph3`. `undefined` if it does not begin with `x.y`.
 */
export function parseKernelBuild(line: KernelLine, text: string): KernelBuild | undefined {
  const match = /^(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-(.+))?$/.exec(text.trim());
  if (match === null) return undefined;
  const base = { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
  const tail = match[5] ?? '';
  const build =
    KERNEL_LINES[line].builds === 'rpm'
      ? tail.replace(TAG, '').replace(FLAVOUR, '')
      : tail.replace(FLAVOUR, '');
  return { base, build: [match[4] ?? '', build].filter((part) => part !== '').join('-') };
}

/** The build of a release, for {@link compareKernelBuilds}. */
export function buildOfRelease(release: KernelRelease): KernelBuild {
  return { base: release.base, build: release.build ?? '' };
}

/** Negative, zero or positive: by upstream base, then as the line's package manager orders the builds. */
export function compareKernelBuilds(line: KernelLine, a: KernelBuild, b: KernelBuild): number {
  const compare = KERNEL_LINES[line].builds === 'deb' ? compareDeb : compareRpm;
  return compareBases(a.base, b.base) || compare(a.build, b.build);
}

/**
 * The same for texts, for example `compareBuilds('rhel8', '4.18.0-305.el8', '4.18.0-305.12.1.el8_4')` is negative.
 * `undefined` if one of them is no package version. Says nothing about parallel streams; `kernelFix` knows those.
 */
export function compareBuilds(line: KernelLine, a: string, b: string): number | undefined {
  const left = parseKernelBuild(line, a);
  const right = parseKernelBuild(line, b);
  return left && right && compareKernelBuilds(line, left, right);
}

export function compareBases(a: KernelBase, b: KernelBase): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** Whether both are of one `x.y` series. */
export function isSameSeries(a: KernelBase, b: KernelBase): boolean {
  return a.major === b.major && a.minor === b.minor;
}
