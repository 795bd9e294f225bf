/**
 * Release number of a component, as it stands in an image tag, a label or an API field.
 *
 * `v1.27.3-rc.1+rke2r1` gives `{ major: 1, minor: 27, patch: 3, preRelease: 'rc.1', vendor: 'rke2r1' }`.
 */
export interface Version {
  readonly raw: string;
  readonly major: number;
  readonly minor: number;
  /** 0 where the text has none; then {@link Version.patchMissing} is set. */
  readonly patch: number;
  /** The text stops after the minor number (`1.27`), so every patch release of that minor is possible. */
  readonly patchMissing?: true;
  /** Names a build before the release: alpha, beta, rc, dev or pre. */
  readonly preRelease?: string;
  /** Any other suffix. {@link isVendorBuild} says whether it hides changes. */
  readonly vendor?: string;
}

// Nine digits keep every number exact; longer ones are hashes or time stamps, not release numbers.
const NUMBERS = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9})((?:\.\d{1,9})*))?(?=$|[-+_~]|[a-z])/;
const PRE_RELEASE = /^(?:\d{1,9}\.)*(alpha|beta|rc|dev|pre(?:view|release)?)(?![a-z])/i;
const PRE_RELEASE_NUMBER = /^(?:[.-]?\d{1,9})*/;
const SUFFIX = /^[-+_~A-Za-z0-9.]*$/;

/**
 * Suffixes of images that upstream itself publishes: one per architecture, and Multus's two flavours.
 * They say how the image is packed and not what was changed in it.
 */
const PACKAGING =
  /^(?:(?:linux-)?(?:amd64|arm64|arm64v8|arm|armv7|armhf|ppc64le|s390x|riscv64|x86_64|aarch64)|thick|thin)$/;

/** The release number in a text, or `undefined` if the text is not one (`latest`, `main`, a hash, `1.27.x`). */
export function parseVersion(text: string): Version | undefined {
  const raw = text.trim();
  const match = NUMBERS.exec(raw);
  if (match === null) return undefined;
  const rest = raw.slice(match[0].length);
  if (!SUFFIX.test(rest)) return undefined;
  return {
    raw,
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3] ?? 0),
    ...(match[3] === undefined ? { patchMissing: true as const } : {}),
    ...parseSuffix(rest, (match[4] ?? '').slice(1)),
  };
}

/** `extraNumbers` is what follows x.y.z (`1.14.5.1`): somebody's own counter on top of the release. */
function parseSuffix(rest: string, extraNumbers: string): { preRelease?: string; vendor?: string } {
  const suffix = rest.replace(/^[-+_~]+/, '');
  const label = rest.startsWith('+') || extraNumbers !== '' ? null : PRE_RELEASE.exec(suffix);
  if (label === null) {
    const vendor = [extraNumbers, suffix].filter((part) => part !== '').join('-');
    return vendor === '' ? {} : { vendor };
  }
  // `0.dev-15-g1a2b3c` is one label: the commit count and the hash belong to the development build.
  const plus = suffix.indexOf('+');
  const end =
    label[1]?.toLowerCase() === 'dev'
      ? plus < 0
        ? suffix.length
        : plus
      : label[0].length + (PRE_RELEASE_NUMBER.exec(suffix.slice(label[0].length))?.[0].length ?? 0);
  const vendor = suffix.slice(end).replace(/^[-+_~.]+/, '');
  return { preRelease: suffix.slice(0, end), ...(vendor === '' ? {} : { vendor }) };
}

/** Whether somebody other than upstream built it, so that it may carry changes its number does not show. */
export function isVendorBuild(version: Version): boolean {
  return version.vendor !== undefined && !PACKAGING.test(version.vendor);
}

/** `1.27.3` or `1.27.3-rc.1`: the upstream release, without prefix and vendor suffix. */
export function formatVersion(version: Version): string {
  const numbers = `${version.major}.${version.minor}.${version.patch}`;
  return version.preRelease === undefined ? numbers : `${numbers}-${version.preRelease}`;
}

/**
 * Negative, zero or positive, for sorting: by x.y.z, then a pre-release before its release.
 * Vendor suffixes do not count (plain semver would put `1.31.4-eks-1` below `1.31.4`).
 */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePreReleases(a.preRelease, b.preRelease)
  );
}

function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  // Projects write `rc1`, `rc.1` and `rc-1` for the same thing.
  const left = a.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  const right = b.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = compareIdentifiers(left[index], right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  const aIsNumber = /^\d/.test(a);
  const bIsNumber = /^\d/.test(b);
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
