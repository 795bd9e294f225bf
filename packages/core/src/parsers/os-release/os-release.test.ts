import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseOsRelease } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-centos7.txt', 'centos', ['rhel', 'fedora'], '7', 'CentOS Linux 7 (Core)'],
    ['002-rhel9.txt', 'rhel', ['fedora'], '9.6', 'Red Hat Enterprise Linux 9.6 (Plow)'],
    ['003-debian10.txt', 'debian', [], '10', 'Debian GNU/Linux 10 (buster)'],
    ['004-amazon2023.txt', 'amzn', ['fedora'], '2023', 'Amazon Linux 2023'],
    ['005-coreos-container-linux.txt', 'coreos', [], '899.15.0', 'CoreOS 899.15.0'],
    ['006-opensuse15.txt', 'opensuse-leap', ['suse', 'opensuse'], '15.2', 'openSUSE Leap 15.2'],
    ['007-rocky9.txt', 'rocky', ['rhel', 'centos', 'fedora'], '9.3', 'Rocky Linux 9.3 (Blue Onyx)'],
    ['008-fedora42.txt', 'fedora', [], '42', 'Fedora Linux 42 (Forty Two)'],
    ['009-alpine.txt', 'alpine', [], '3.23.2', 'Alpine Linux v3.23'],
    ['010-raspbian8.txt', 'raspbian', ['debian'], '8', 'Raspbian GNU/Linux 8 (jessie)'],
    ['011-kali.txt', 'kali', ['debian'], '2017.1', 'Kali GNU/Linux Rolling'],
    ['012-gentoo.txt', 'gentoo', [], undefined, 'Gentoo/Linux'],
    ['013-photon.txt', 'photon', [], '2.0', 'VMware Photon OS/Linux'],
    ['014-cbl-mariner.txt', 'mariner', [], '1.0', 'CBL-Mariner/Linux'],
    ['015-sles.txt', 'sles', ['suse'], '15.2', 'SUSE Linux Enterprise Server 15 SP2'],
    ['016-rhel-ai.txt', 'rhel', ['fedora'], '9.4', 'Red Hat Enterprise Linux 9.20240630.0.4 (Plow)'],
  ])('%s', (file, id, idLike, versionId, prettyName) => {
    const { value, problems } = parseOsRelease(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ id, idLike, prettyName });
    expect(value.versionId).toBe(versionId);
  });

  it('reads the extra fields of RHEL AI', () => {
    const { value } = parseOsRelease(fixture('016-rhel-ai.txt'));
    expect(value.variantId).toBe('rhel_ai');
    expect(value.fields.get('OSTREE_VERSION')).toEqual({ value: '9.20240630.0', line: 18 });
  });

  it('reads the code name of Debian', () => {
    expect(parseOsRelease(fixture('003-debian10.txt')).value.codename).toBe('buster');
  });
});

it('unquotes as a shell does', () => {
  const { value, problems } = parseOsRelease('NAME="a \\"b\\" \\$c"\nID=\'x y\'\n# ID=no\nVERSION_ID=""\n');
  expect(problems).toEqual([]);
  expect(value.name).toBe('a "b" $c');
  expect(value.id).toBe('x y');
  expect(value.versionId).toBeUndefined();
});

it('gives an empty value for an empty text', () => {
  expect(parseOsRelease('')).toEqual({ value: { idLike: [], fields: new Map() }, problems: [] });
});

it.each(['cat: /etc/os-release: No such file or directory', 'ID="rhel', "ID='a'b'", 'ID=a b', 'ID=rhel\0'])(
  'reports %j',
  (text) => {
    const { value, problems } = parseOsRelease(`${text}\nVERSION_ID=9\n`);
    expect(problems).toMatchObject([{ line: 1 }]);
    expect(value.id).toBeUndefined();
    expect(value.versionId).toBe('9');
  },
);
