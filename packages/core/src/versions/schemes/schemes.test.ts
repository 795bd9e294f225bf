import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDeb } from './deb/index.ts';
import { compareRpm } from './rpm/index.ts';
import { compareVersions, parseVersion } from './semver/index.ts';

const schemes: Record<string, (a: string, b: string) => number> = {
  deb: compareDeb,
  rpm: compareRpm,
  semver: (a, b) => {
    const left = parseVersion(a);
    const right = parseVersion(b);
    if (left === undefined || right === undefined) throw new Error(`not a version: ${a} or ${b}`);
    return compareVersions(left, right);
  },
};

const ordered: Record<string, [string, string][]> = {};
for (const id of Object.keys(schemes)) {
  ordered[id] = readFileSync(new URL(`./${id}/order.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' < ') as [string, string]);
}

it('every folder is a scheme of this test', () => {
  const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  expect(folders.sort()).toEqual(Object.keys(schemes).sort());
});

describe.each(Object.entries(schemes))('%s', (id, compare) => {
  it.each(ordered[id] ?? [])('%s < %s, and the other way round', (a, b) => {
    expect(compare(a, b)).toBeLessThan(0);
    expect(compare(b, a)).toBeGreaterThan(0);
    expect(compare(a, a)).toBe(0);
  });

  it('is a total order', () => {
    const version = fc.oneof(
      fc.constantFrom(...(ordered[id] ?? []).flat()),
      fc
        .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('', '-rc.1', '-rc2', '-1', '-beta'))
        .map(([major, minor, patch, suffix]) => `${major}.${minor}.${patch}${suffix}`),
      ...(id === 'semver' ? [] : [fc.stringMatching(/^[0-9a-z.~+]{1,8}$/)]),
    );

    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compare(a, b))).toBe(0 - Math.sign(compare(b, a)));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
