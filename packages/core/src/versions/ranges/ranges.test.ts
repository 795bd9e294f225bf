import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, formatVersion, parseVersion, type Version } from '../schemes/semver/index.ts';
import { parseRange, rangeBorders, rangeContains, type VersionRange } from './index.ts';

function range(text: string): VersionRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.reason} at ${parsed.position}`);
  return parsed.range;
}

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`not a version: ${text}`);
  return parsed;
}

const answer = (rangeText: string, versionText: string): string =>
  rangeContains(range(rangeText), version(versionText)).answer;

describe('parseRange', () => {
  it.each([
    ['', 0, 'a window is empty'],
    ['>=1.2.0 ||', 10, 'a window is empty'],
    ['|| >=1.2.0', 0, 'a window is empty'],
    ['>=1.2.0 | <1.3.0', 8, 'expected one of >= > <= < = before a version'],
    ['1.2.3', 0, 'expected one of >= > <= < = before a version'],
    ['^1.2.3', 0, 'expected one of >= > <= < = before a version'],
    ['>=', 2, 'expected a version like 1.27.3 after >='],
    ['>=1.2.0 <latest', 9, 'expected a version like 1.27.3 after <'],
    ['>=1.0.0 >=2.0.0', 8, 'a window has one lower bound'],
    ['<1.0.0 <=2.0.0', 7, 'a window has one upper bound'],
    ['=1.0.0 <2.0.0', 0, '= stands alone in a window'],
    ['<2.0.0 =1.0.0', 7, '= stands alone in a window'],
    ['=1.0.0 || >=2.0.0 <1.0.0', 10, 'no version is in this window'],
    ['>=1.0.0 <1.0.0', 0, 'no version is in this window'],
    ['=1.27', 1, '= needs a full version like 1.27.3'],
    ['<=1.27', 2, '<= needs a full version like 1.27.3'],
    ['<1.31.4-eks-1', 1, 'a border has no vendor suffix'],
  ])('%j names position %i: %s', (text, position, reason) => {
    expect(parseRange(text)).toEqual({ ok: false, position, reason });
  });

  it.each(['*', '<1.2.3', '>1.2', '>= 1.2.0  < 1.3', '>=1.27.0 <1.27.11||=3.28.0', '<=1.2.3-rc.1'])(
    'judges %j without an exception',
    (text) => {
      expect(() => parseRange(text)).not.toThrow();
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[<>=|. 0-9a-z-]{0,20}$/)),
        (text) => void parseRange(text),
      ),
    );
  });
});

describe('rangeContains', () => {
  const lines = '>=1.27.0 <1.27.11 || >=1.28.0 <1.28.7 || =3.28.0';

  it.each([
    [lines, '1.26.15', 'out'],
    [lines, '1.27.0', 'in'],
    [lines, '1.27.10', 'in'],
    [lines, '1.27.11', 'out'],
    [lines, '1.28.6', 'in'],
    [lines, '1.28.7', 'out'],
    [lines, '3.28.0', 'in'],
    [lines, '3.28.1', 'out'],
    ['>1.2.3 <=1.2.5', '1.2.3', 'out'],
    ['>1.2.3 <=1.2.5', '1.2.4', 'in'],
    ['>1.2.3 <=1.2.5', '1.2.5', 'in'],
    ['>1.2.3 <=1.2.5', '1.2.6', 'out'],
    ['*', '0.0.1', 'in'],
  ])('%s: %s is %s', (rangeText, versionText, expected) => {
    expect(answer(rangeText, versionText)).toBe(expected);
  });

  it.each([
    [lines, 'v1.27.3-eks-5e0fdde', 'uncertain'],
    [lines, 'v1.27.11+rke2r1', 'out'],
    [lines, 'v1.26.3-gke.1', 'out'],
    [lines, 'v1.27.3-amd64', 'in'],
    ['>=1.29.0', 'v1.30.1-eks-5e0fdde', 'in'],
    ['<1.29.0 || >=1.30.0', 'v1.28.1+k3s1', 'uncertain'],
  ])('vendor builds: %s: %s is %s', (rangeText, versionText, expected) => {
    expect(answer(rangeText, versionText)).toBe(expected);
  });

  it('says why a vendor build is uncertain', () => {
    expect(rangeContains(range('<1.28.6'), version('1.28.5-eksbuild.1')).reason).toContain(
      'vendor build may carry the fix',
    );
  });

  it.each([
    ['>=1.28.0 <1.28.6', '1.28.6-rc.1', 'uncertain'],
    ['>=1.28.0 <1.28.6', '1.28.0-rc.1', 'uncertain'],
    ['>=1.28.0 <1.28.6', '1.28.5-rc.1', 'in'],
    ['>=1.28.0 <1.28.6', '1.28.7-rc.1', 'out'],
    ['>=1.28.0 <1.28.6', '1.27.0-rc.1', 'out'],
    ['>=1.28.0 <=1.28.5', '1.28.6-rc.1', 'uncertain'],
    ['>1.28.0 <1.28.6', '1.28.0-rc.1', 'out'],
    ['>1.28.0 <1.28.6', '1.28.1-rc.1', 'uncertain'],
    ['=1.28.5', '1.28.5-rc.1', 'uncertain'],
    ['=1.28.5', '1.28.6-rc.1', 'uncertain'],
    ['>=1.27.0 <1.28.0 || >=1.28.0 <1.28.6', '1.28.0-rc.1', 'in'],
    ['>=0.8.0-rc1 <0.8.4', '0.8.0-rc0', 'out'],
    ['>=0.8.0-rc1 <0.8.4', '0.8.0-rc1', 'in'],
    ['=0.8.0-rc1 || >=0.8.0 <0.8.4', '0.8.0-rc1', 'in'],
    ['=0.8.0-rc1 || >=0.8.0 <0.8.4', '0.8.0-rc0', 'uncertain'],
    ['=0.9.0-rc0', '0.9.0', 'out'],
    ['<1.0.0-rc.2', '1.1.0-rc.1', 'out'],
  ])('pre-releases: %s: %s is %s', (rangeText, versionText, expected) => {
    expect(answer(rangeText, versionText)).toBe(expected);
  });

  it.each([
    ['>=1.27.0 <1.27.11', '1.27', 'uncertain'],
    ['>=1.27.0 <1.28.0', '1.27', 'in'],
    ['=1.27.3', '1.27', 'uncertain'],
    ['>=1.28.0 <1.28.7', '1.27', 'out'],
  ])('without a patch release: %s: %s is %s', (rangeText, versionText, expected) => {
    expect(answer(rangeText, versionText)).toBe(expected);
  });
});

describe('rangeBorders', () => {
  it('lists every border with the release below', () => {
    const borders = rangeBorders(range('>=1.28.0 <1.28.7 || >=1.27.0 <1.27.11 || =3.28.0 || >4.0.1'));

    expect(
      borders.map(({ version, below }) => `${formatVersion(version)} ${below && formatVersion(below)}`),
    ).toEqual([
      '1.27.0 1.26.999',
      '1.27.11 1.27.10',
      '1.28.0 1.27.999',
      '1.28.7 1.28.6',
      '3.28.0 3.27.999',
      '3.28.1 3.28.0',
      '4.0.2 4.0.1',
    ]);
  });

  it('leaves out where windows touch', () => {
    expect(rangeBorders(range('<1.28.0 || >=1.28.0 <1.28.7')).map((border) => border.version.raw)).toEqual([
      '1.28.7',
    ]);
  });

  it('has no release below 0.0.0 and none around pre-releases', () => {
    expect(rangeBorders(range('>=0.0.0 <1.0.0'))[0]).toEqual({ version: version('0.0.0') });
    expect(rangeBorders(range('=0.9.0-rc0'))).toEqual([{ version: version('0.9.0-rc0') }]);
  });
});

describe('laws', () => {
  const number = fc.nat(4);
  const release = fc.tuple(number, number, number).map((numbers) => numbers.join('.'));
  const window = fc
    .tuple(release, release)
    .filter(([a, b]) => compareVersions(version(a), version(b)) < 0)
    .map(([a, b]) => `>=${a} <${b}`);
  const windows = fc.array(window, { minLength: 1, maxLength: 3 });

  it('a union holds where one of its windows holds', () => {
    fc.assert(
      fc.property(windows, release, (texts, text) => {
        const alone = texts.map((windowText) => answer(windowText, text));
        expect(answer(texts.join(' || '), text)).toBe(alone.includes('in') ? 'in' : 'out');
      }),
    );
  });

  it('the answer flips at each border and at no other release', () => {
    fc.assert(
      fc.property(windows, release, (texts, text) => {
        const union = range(texts.join(' || '));
        const borders = rangeBorders(union);
        for (const border of borders) {
          if (border.below === undefined) continue;
          expect(rangeContains(union, border.version).answer).not.toBe(
            rangeContains(union, border.below).answer,
          );
        }
        const next = version(text.replace(/\d+$/, (patch) => String(Number(patch) + 1)));
        if (!borders.some((border) => compareVersions(border.version, next) === 0)) {
          expect(rangeContains(union, next).answer).toBe(rangeContains(union, version(text)).answer);
        }
      }),
    );
  });

  it('a vendor suffix turns "in" into "uncertain" and nothing else', () => {
    fc.assert(
      fc.property(windows, release, (texts, text) => {
        const upstream = answer(texts.join(' || '), text);
        expect(answer(texts.join(' || '), `${text}-eks-1`)).toBe(upstream === 'in' ? 'uncertain' : upstream);
      }),
    );
  });

  it('a pre-release is uncertain exactly at a border', () => {
    fc.assert(
      fc.property(windows, release, (texts, text) => {
        const union = range(texts.join(' || '));
        const isBorder = rangeBorders(union).some(
          (border) => formatVersion(border.version) === text && border.below,
        );
        if (text === '0.0.0') return;
        expect(rangeContains(union, version(`${text}-rc.1`)).answer === 'uncertain').toBe(isBorder === true);
      }),
    );
  });
});
