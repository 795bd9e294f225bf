import { describe, expect, it } from 'vitest';
import { distributionDefaults, distributionOf, endOfLife, isElFamily, type OsIdentity } from './index.ts';

describe('distributionOf', () => {
  it.each([
    [{ id: 'centos', versionId: '7', name: 'CentOS Linux' }, 'centos', '7'],
    [{ id: 'centos', versionId: '8', name: 'CentOS Stream' }, 'centos-stream', '8'],
    [{ id: 'centos', versionId: '9', prettyName: 'CentOS Stream 9' }, 'centos-stream', '9'],
    [{ id: 'rhel', versionId: '9.6' }, 'rhel', '9'],
    [{ id: 'rhel', versionId: '9.6', variantId: 'coreos' }, 'rhcos', '9.6'],
    [{ id: 'rhcos', versionId: '4.14' }, 'rhcos', '4.14'],
    [{ id: 'fedora', versionId: '42' }, 'fedora', '42'],
    [{ id: 'fedora', versionId: '42', variantId: 'coreos' }, 'fedora-coreos', undefined],
    [{ id: 'rocky', versionId: '9.3' }, 'rocky', '9'],
    [{ id: 'almalinux', versionId: '8.10' }, 'almalinux', '8'],
    [{ id: 'ol', versionId: '8.9' }, 'ol', '8'],
    [{ id: 'ubuntu', versionId: '22.04' }, 'ubuntu', '22.04'],
    [{ id: 'debian', versionId: '12' }, 'debian', '12'],
    [{ id: 'debian' }, 'debian', undefined],
    [{ id: 'amzn', versionId: '2023' }, 'amzn', '2023'],
    [{ id: 'sles', versionId: '15.5' }, 'sles', '15.5'],
    [{ id: 'sles', versionId: '15' }, 'sles', '15'],
    [{ id: 'sle_hpc', versionId: '15.4' }, 'sles', '15.4'],
    [{ id: 'opensuse-leap', versionId: '15.2' }, 'opensuse-leap', '15.2'],
    [{ id: 'opensuse-tumbleweed', versionId: '20240101' }, 'opensuse-tumbleweed', undefined],
    [{ id: 'photon', versionId: '2.0' }, 'photon', '2.0'],
    [{ id: 'flatcar', versionId: '3510.2.8' }, 'flatcar', undefined],
    [{ id: 'coreos', versionId: '899.15.0' }, 'coreos', undefined],
    [{ id: 'mariner', versionId: '1.0' }, 'azurelinux', '1.0'],
    [{ id: 'openEuler', versionId: '22.03' }, 'openeuler', '22.03'],
    [{ id: 'kylin', versionId: 'V10' }, 'kylin', undefined],
    [{ id: 'gentoo' }, 'gentoo', undefined],
  ] as [OsIdentity, string, string | undefined][])('%j is %s %s', (os, id, release) => {
    expect(distributionOf(os)).toEqual(release === undefined ? { id } : { id, release });
  });
});

describe('isElFamily', () => {
  it.each([
    [{ id: 'centos', versionId: '7' }, 7],
    [{ id: 'rhel', versionId: '8.10' }, 8],
    [{ id: 'rocky', versionId: '9.3' }, 9],
    [{ id: 'almalinux', versionId: '10.1' }, 10],
    [{ id: 'ol', versionId: '8.9' }, 8],
    [{ id: 'centos', versionId: '9', name: 'CentOS Stream' }, 9],
    [{ id: 'rhcos', versionId: '4.12' }, 8],
    [{ id: 'rhcos', versionId: '4.13' }, 9],
    [{ id: 'rhel', versionId: '9.6', variantId: 'coreos' }, 9],
    [{ id: 'eurolinux', platformId: 'platform:el9' }, 9],
    [{ id: 'rhel' }, undefined],
    [{ id: 'rhel', versionId: '6.10' }, undefined],
    [{ id: 'fedora', versionId: '42' }, undefined],
    [{ id: 'amzn', versionId: '2', idLike: ['centos', 'rhel', 'fedora'] }, undefined],
    [{ id: 'openEuler', versionId: '22.03' }, undefined],
    [{ id: 'ubuntu', versionId: '22.04' }, undefined],
  ] as [OsIdentity, number | undefined][])('%j: %s', (os, expected) => {
    expect(isElFamily(os)).toBe(expected);
  });
});

describe('endOfLife', () => {
  it.each([
    ['centos', '7', '2024-06-30'],
    ['centos', '8', '2021-12-31'],
    ['centos-stream', '8', '2024-05-31'],
    ['rhel', '7.9', '2024-06-30'],
    ['ubuntu', '18.04', '2023-05-31'],
    ['debian', '10', '2022-09-10'],
    ['sles', '15.5', '2024-12-31'],
    ['amzn', '2', '2026-06-30'],
    ['photon', '3.0', '2025-10-02'],
    ['coreos', '2512.5.0', '2020-05-26'],
  ])('%s %s ended on %s', (id, version, date) => {
    const end = endOfLife(id, version);

    expect(end?.date).toBe(date);
    expect(end?.source).toMatch(/^https:\/\//);
  });

  it('knows the extended programs', () => {
    expect(endOfLife('debian', '11')?.extended).toEqual({ date: '2026-08-31', program: 'LTS' });
  });

  it.each([
    ['ubuntu', undefined],
    ['ubuntu', '30.04'],
    ['flatcar', '3510.2.8'],
    ['photon', '5.0'],
    ['constructor', '1.0'],
    ['', ''],
  ])('has no date for %s %s', (id, version) => {
    expect(endOfLife(id, version)).toBeUndefined();
  });
});

describe('distributionDefaults', () => {
  it.each([
    [{ id: 'centos', versionId: '7' }, '3.10.0', 'before-split'],
    [{ id: 'rhel', versionId: '8.4' }, '4.18.0', 'nft'],
    [{ id: 'ubuntu', versionId: '20.04' }, '5.4.0', 'legacy'],
    [{ id: 'debian', versionId: '12' }, '6.1', 'nft'],
    [{ id: 'photon', versionId: '4.0' }, '5.10', 'legacy'],
    [{ id: 'photon', versionId: '5.0' }, '6.1', 'nft'],
    [{ id: 'ol', versionId: '8.9' }, '5.4.17', 'nft'],
    [{ id: 'flatcar', versionId: '3033.2.0' }, undefined, 'nft'],
    [{ id: 'flatcar', versionId: '2905.2.6' }, undefined, 'legacy'],
    [{ id: 'sles', versionId: '15.4' }, '5.14.21', undefined],
  ] as [OsIdentity, string | undefined, string | undefined][])(
    '%j: kernel %s, iptables %s',
    (os, kernel, backend) => {
      const defaults = distributionDefaults(os);

      expect(defaults?.kernels?.[0]).toBe(kernel);
      expect(defaults?.iptables?.backend).toBe(backend);
    },
  );

  it.each([{ id: 'ubuntu' }, { id: 'gentoo' }, { id: 'flatcar' }, { id: 'toString', versionId: '1' }])(
    'has nothing for %j',
    (os) => {
      expect(distributionDefaults(os)).toBeUndefined();
    },
  );
});
