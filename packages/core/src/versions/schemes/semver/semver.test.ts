import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, formatVersion, isVendorBuild, parseVersion } from './index.ts';

describe('parseVersion', () => {
  it.each([
    ['v1.27.3', { major: 1, minor: 27, patch: 3 }],
    ['1.27', { major: 1, minor: 27, patch: 0, patchMissing: true }],
    ['1.27.3-rc.1', { major: 1, minor: 27, patch: 3, preRelease: 'rc.1' }],
    ['v1.0.0-rc1', { major: 1, minor: 0, patch: 0, preRelease: 'rc1' }],
    [
      'v1.31.0-alpha.0.12+4f2e6a',
      { major: 1, minor: 31, patch: 0, preRelease: 'alpha.0.12', vendor: '4f2e6a' },
    ],
    ['v3.28.0-0.dev-15-g1a2b3c', { major: 3, minor: 28, patch: 0, preRelease: '0.dev-15-g1a2b3c' }],
    ['1.31.4-eksbuild.2', { major: 1, minor: 31, patch: 4, vendor: 'eksbuild.2' }],
    ['v1.31.4-eks-5e0fdde', { major: 1, minor: 31, patch: 4, vendor: 'eks-5e0fdde' }],
    ['v1.27.3+rke2r1', { major: 1, minor: 27, patch: 3, vendor: 'rke2r1' }],
    ['v1.27.3-rc.1+k3s1', { major: 1, minor: 27, patch: 3, preRelease: 'rc.1', vendor: 'k3s1' }],
    ['v1.27.3-gke.1500', { major: 1, minor: 27, patch: 3, vendor: 'gke.1500' }],
    ['v1.20.6-rancher1-1', { major: 1, minor: 20, patch: 6, vendor: 'rancher1-1' }],
    ['v1.27.3_vmware.1', { major: 1, minor: 27, patch: 3, vendor: 'vmware.1' }],
    ['v3.28.2-amd64', { major: 3, minor: 28, patch: 2, vendor: 'amd64' }],
    ['v0.5.4-alpine', { major: 0, minor: 5, patch: 4, vendor: 'alpine' }],
    ['1.14.5.1', { major: 1, minor: 14, patch: 5, vendor: '1' }],
    ['v1.27.3-presto', { major: 1, minor: 27, patch: 3, vendor: 'presto' }],
  ])('reads %s', (text, expected) => {
    expect(parseVersion(text)).toEqual({ raw: text, ...expected });
  });

  it.each([
    '',
    'latest',
    'main',
    '1',
    'v2',
    '1.27.x',
    'sha256:12ab',
    'deadbeef',
    '1.27.3 beta',
    '1.27.3@x',
    '20240131',
  ])('has no version for %j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('never throws, and what it formats reads the same again', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^v?[0-9]{1,3}\.[0-9]{1,3}[-+_.0-9a-z]{0,12}$/)),
        (text) => {
          const version = parseVersion(text);
          if (version === undefined) return;
          const again = parseVersion(formatVersion(version));
          expect(again && compareVersions(again, version)).toBe(0);
        },
      ),
    );
  });
});

describe('isVendorBuild', () => {
  it.each([
    ['v1.27.3', false],
    ['v1.27.3-rc.1', false],
    ['v3.28.2-amd64', false],
    ['v4.0.2-thick', false],
    ['v1.31.4-eksbuild.2', true],
    ['v1.27.3+rke2r1', true],
    ['v3.28.2-fork-amd64', true],
  ])('%s: %s', (text, expected) => {
    const version = parseVersion(text);

    expect(version && isVendorBuild(version)).toBe(expected);
  });
});

it('a vendor suffix does not change the order', () => {
  const vendor = parseVersion('v1.31.4-eks-2f46c53');
  const upstream = parseVersion('v1.31.4');

  expect(vendor && upstream && compareVersions(vendor, upstream)).toBe(0);
});
