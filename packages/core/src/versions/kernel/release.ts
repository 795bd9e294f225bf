import { lineWithoutPattern, RELEASE_PATTERNS, type ReleasePattern } from './patterns.ts';
import type { KernelBase, KernelHints, KernelLine, KernelRelease } from './types.ts';

const NUMBERS = /^(\d{1,9})(?:\.(\d{1,9})(?:\.(\d{1,9})((?:\.\d{1,9})*))?)?/;
const RELEASE_CANDIDATE = /^(?:[-~]|-0\.|-0\d{5})rc\d+/;

/**
 * Takes a kernel release (`uname -r`) apart.
 *
 * `4.18.0-348.12.2.el8_5.x86_64` is line `rhel8`, base 4.18.0, build `348.12.2`; `5.15.0-91-generic` is line `ubuntu`, base
 * 5.15.0 with an unknown patch level, build `91`. `undefined` only for a text that does not begin with a digit.
 * With `uname -v`, Debian's base is the stable release its package names, and Ubuntu's build gets its upload number.
 */
export function parseKernelRelease(release: string, hints: KernelHints = {}): KernelRelease | undefined {
  const raw = release.trim();
  const numbers = NUMBERS.exec(raw);
  if (numbers === null) return undefined;
  const base = { major: Number(numbers[1]), minor: Number(numbers[2] ?? 0), patch: Number(numbers[3] ?? 0) };
  const suffix = raw.slice(numbers[0].length);
  const { line, groups } = recognise(suffix, base, hints);
  const preRelease = RELEASE_CANDIDATE.exec(suffix)?.[0].replace(/^.*(?=rc)/, '');
  // Azure Linux and WSL count their own rebuilds in a fourth number.
  const build = [numbers[4]?.slice(1) ?? '', groups.build ?? ''].filter((part) => part !== '').join('-');
  const parsed: KernelRelease = {
    raw,
    base,
    patchKnown: numbers[3] !== undefined && !hidesPatch(line, base),
    ...(preRelease === undefined ? {} : { preRelease }),
    line,
    ...(build === '' ? {} : { build }),
    ...(groups.flavour === undefined ? {} : { flavour: groups.flavour }),
  };
  return hints.unameVersion === undefined ? parsed : withUnameVersion(parsed, hints.unameVersion);
}

function recognise(
  suffix: string,
  base: KernelBase,
  hints: KernelHints,
): { line: KernelLine; groups: Readonly<Record<string, string | undefined>> } {
  for (const candidate of RELEASE_PATTERNS) {
    if (!applies(candidate, base, hints)) continue;
    const match = candidate.pattern.exec(suffix);
    if (match === null) continue;
    const groups = match.groups ?? {};
    return { line: typeof candidate.line === 'string' ? candidate.line : candidate.line(groups), groups };
  }
  return { line: lineWithoutPattern(suffix, hints), groups: {} };
}

function applies(candidate: ReleasePattern, base: KernelBase, hints: KernelHints): boolean {
  if (candidate.patchIsZero && base.patch !== 0) return false;
  if (candidate.base !== undefined && candidate.base !== `${base.major}.${base.minor}.${base.patch}`)
    return false;
  return candidate.osIds === undefined || candidate.osIds.includes(hints.osId?.toLowerCase() ?? '');
}

/** Debian shows the patch level since 13, Ubuntu never does. */
function hidesPatch(line: KernelLine, base: KernelBase): boolean {
  return line === 'ubuntu' || (line === 'debian' && base.patch === 0);
}

function withUnameVersion(release: KernelRelease, unameVersion: string): KernelRelease {
  if (release.line === 'debian') return withDebianPackage(release, unameVersion);
  // `#101~20.04.1-Ubuntu SMP …`: the number after # is the upload; what follows ~ names the older release it was rebuilt for.
  const upload =
    release.line === 'ubuntu' ? /^#(\d{1,9})(?:~[\d.]+)?-Ubuntu\b/.exec(unameVersion)?.[1] : undefined;
  if (upload === undefined || release.build === undefined) return release;
  return { ...release, build: `${release.build}.${upload}` };
}

/** `#1 SMP Debian 5.10.209-2 (2024-01-31)` names the package, and so the stable release. */
function withDebianPackage(release: KernelRelease, unameVersion: string): KernelRelease {
  const found = /\bDebian (\d{1,9})\.(\d{1,9})\.(\d{1,9})-(\S+)/.exec(unameVersion);
  const [, major, minor, patch, revision] = found ?? [];
  if (
    revision === undefined ||
    Number(major) !== release.base.major ||
    Number(minor) !== release.base.minor
  ) {
    return release;
  }
  return { ...release, base: { ...release.base, patch: Number(patch) }, patchKnown: true, build: revision };
}
