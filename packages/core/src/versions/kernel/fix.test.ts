import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelFix } from './fix.ts';
import { parseKernelRelease } from './release.ts';
import type { KernelBorder, KernelHints } from './types.ts';

function answer(border: KernelBorder, text: string, hints?: KernelHints): string {
  const release = parseKernelRelease(text, hints);
  if (release === undefined) throw new Error(`not a kernel release: ${text}`);
  return kernelFix(release, border).answer;
}

const debian = (version: string): KernelHints => ({ unameVersion: `#1 SMP Debian ${version} (2024-01-31)` });

describe('a defect fixed in mainline and several stable series (zero UDP checksum behind NAT)', () => {
  const border: KernelBorder = {
    mainline: '5.7',
    stable: ['5.6.13', '5.4.41', '4.19.123', '4.14.181'],
    lines: { ubuntu: { fixed: ['4.15.0-107.108', '5.4.0-32.36'] } },
  };

  it.each([
    // The mainline border and each stable border, both sides.
    ['5.7.0', 'fixed'],
    ['6.1.102', 'fixed'],
    ['5.6.13', 'fixed'],
    ['5.6.12', 'not-fixed'],
    ['5.4.41-flatcar', 'fixed'],
    ['5.4.40-flatcar', 'not-fixed'],
    ['4.19.123-1.ph3', 'fixed'],
    ['4.19.122-1.ph3-esx', 'not-fixed'],
    ['4.14.181-1.el7.elrepo.x86_64', 'fixed'],
    ['4.14.180-1.el7.elrepo.x86_64', 'not-fixed'],
    // Ended before the fix: between two series that got it.
    ['5.5.19-200.fc31.x86_64', 'not-fixed'],
    ['4.20.17', 'not-fixed'],
    // Older than every series that got it.
    ['4.9.300', 'uncertain'],
    // Nobody recorded in which release candidate it came.
    ['5.7.0-rc1', 'uncertain'],
    ['5.8.0-rc1', 'fixed'],
    ['5.6.0-rc7', 'not-fixed'],
    // Lines that choose what they take.
    ['4.18.0-553.el8_10.x86_64', 'uncertain'],
    ['3.10.0-1160.el7.x86_64', 'uncertain'],
    ['5.14.0-427.el9.x86_64', 'fixed'],
    ['5.4.17-2136.302.7.2.1.el8uek.x86_64', 'uncertain'],
    ['5.3.18-150300.59.93-default', 'uncertain'],
    ['4.19.90-2107.6.0.0192.8.oe1.x86_64', 'uncertain'],
    ['5.10.0-60.18.0.50.oe2203.x86_64', 'fixed'],
    ['5.10.17-custom', 'fixed'],
    ['5.4.17-custom', 'uncertain'],
    // Lines that are ahead of their number at times.
    ['4.14.355-275.570.amzn2.x86_64', 'fixed'],
    ['4.14.180-137.229.amzn2.x86_64', 'uncertain'],
    ['5.4.49+', 'fixed'],
    ['5.4.40+', 'uncertain'],
    // Ubuntu by its builds where they are recorded.
    ['5.4.0-32-generic', 'fixed'],
    ['5.4.0-31-generic', 'not-fixed'],
    ['4.15.0-107-generic', 'fixed'],
    ['4.15.0-106-generic', 'not-fixed'],
    ['5.3.0-76-generic', 'uncertain'],
    ['5.8.0-63-generic', 'fixed'],
    // Ubuntu's cloud kernels count for themselves.
    ['5.4.0-1063-aws', 'uncertain'],
    // Debian shows nothing without uname -v.
    ['4.19.0-18-amd64', 'uncertain'],
    ['5.10.0-28-amd64', 'fixed'],
  ])('%s: %s', (text, expected) => {
    expect(answer(border, text)).toBe(expected);
  });

  it.each([
    ['4.19.123-1', 'fixed'],
    ['4.19.118-2', 'uncertain'],
  ])('Debian 10 with package %s: %s', (version, expected) => {
    expect(answer(border, '4.19.0-9-amd64', debian(version))).toBe(expected);
  });

  it.each([
    ['#36-Ubuntu SMP', 'fixed'],
    ['#35-Ubuntu SMP', 'not-fixed'],
  ])('Ubuntu with upload %s: %s', (unameVersion, expected) => {
    expect(answer(border, '5.4.0-32-generic', { unameVersion })).toBe(expected);
  });
});

describe('other defects of the tables', () => {
  it.each([
    // IPVS connection reuse: stable numbers of every live series.
    [{ mainline: '5.9', stable: ['5.8.2', '5.7.16', '5.4.59', '4.19.140', '4.14.194'] }, '5.8.2', 'fixed'],
    [
      { mainline: '5.9', stable: ['5.8.2', '5.7.16', '5.4.59', '4.19.140', '4.14.194'] },
      '5.8.1',
      'not-fixed',
    ],
    [
      { mainline: '5.9', stable: ['5.8.2', '5.7.16', '5.4.59', '4.19.140', '4.14.194'] },
      '4.19.139-1.ph3',
      'not-fixed',
    ],
    [
      { mainline: '5.9', stable: ['5.8.2', '5.7.16', '5.4.59', '4.19.140', '4.14.194'] },
      '4.19.140-1.ph3',
      'fixed',
    ],
    // The patch that brought the sysctl is in RHEL 7 although its base is older.
    [{ mainline: '5.9', stable: ['5.4.59'], introduced: '4.1' }, '3.10.0-1160.el7.x86_64', 'uncertain'],
    [{ mainline: '5.9', stable: ['5.4.59'], introduced: '4.1' }, '3.18.140', 'fixed'],
    // IPVS estimation: no back-port exists.
    [{ mainline: '6.2', stable: [] }, '6.1.102', 'not-fixed'],
    [{ mainline: '6.2', stable: [] }, '6.2.0', 'fixed'],
    [{ mainline: '6.2', stable: [] }, '5.15.0-91-generic', 'uncertain'],
    [{ mainline: '6.2', stable: [] }, '5.14.0-427.el9.x86_64', 'uncertain'],
    // UDP GSO: the stable numbers are not established.
    [{ mainline: '6.16' }, '6.12.25-talos', 'uncertain'],
    [{ mainline: '6.16' }, '6.16.3', 'fixed'],
    // ipset swap: one stable number known.
    [{ mainline: '6.6', stable: ['6.5.6'] }, '6.5.5', 'not-fixed'],
    [{ mainline: '6.6', stable: ['6.5.6'] }, '6.5.6', 'fixed'],
    [{ mainline: '6.6', stable: ['6.5.6'] }, '6.1.55', 'uncertain'],
  ] as [KernelBorder, string, string][])('%j: %s: %s', (border, text, expected) => {
    expect(answer(border, text)).toBe(expected);
  });
});

describe('a defect that a stable patch brought (MARK missing in ip6tables)', () => {
  const border: KernelBorder = {
    mainline: '6.12',
    stable: ['6.11.6', '6.6.59', '6.1.115', '5.15.170'],
    introduced: '6.12',
    introducedStable: ['6.11.4', '6.6.57', '6.1.113', '5.15.168'],
    lines: { ubuntu: { introduced: '6.8.0-56', introducedFlavours: { azure: '6.8.0-1025' } } },
  };

  it.each([
    ['6.11.3-200.fc40.x86_64', 'fixed'],
    ['6.11.4-201.fc40.x86_64', 'not-fixed'],
    ['6.11.5-300.fc41.x86_64', 'not-fixed'],
    ['6.11.6-300.fc41.x86_64', 'fixed'],
    ['6.6.56-talos', 'fixed'],
    ['6.6.58-talos', 'not-fixed'],
    ['6.6.59-talos', 'fixed'],
    ['6.12.5-talos', 'fixed'],
    // A series that never got the patch.
    ['6.10.14', 'fixed'],
    ['5.10.226-flatcar', 'fixed'],
    // Amazon and Debian may have taken it earlier.
    ['6.1.112-122.189.amzn2023.x86_64', 'uncertain'],
    ['6.1.114-125.190.amzn2023.x86_64', 'uncertain'],
    ['6.1.115-126.197.amzn2023.x86_64', 'fixed'],
    // Red Hat takes what it chooses.
    ['5.14.0-503.el9.x86_64', 'uncertain'],
    ['6.12.0-55.el10_0.x86_64', 'fixed'],
    // Ubuntu took it into a series that stable does not have.
    ['6.8.0-55-generic', 'fixed'],
    ['6.8.0-56-generic', 'not-fixed'],
    ['6.8.0-57-generic', 'uncertain'],
    ['6.8.0-1024-azure', 'fixed'],
    ['6.8.0-1025-azure', 'not-fixed'],
    ['6.8.0-1020-gcp', 'uncertain'],
    ['5.15.0-127-generic', 'unknown'],
  ])('%s: %s', (text, expected) => {
    expect(answer(border, text)).toBe(expected);
  });
});

describe('a defect of stable releases alone', () => {
  const border: KernelBorder = {
    mainline: '5.17',
    stable: ['5.16.15', '5.15.29', '5.10.106'],
    introducedStable: ['5.16.10', '5.15.24', '5.10.101'],
  };

  it.each([
    ['5.15.23', 'fixed'],
    ['5.15.24', 'not-fixed'],
    ['5.15.29', 'fixed'],
    ['5.4.180-flatcar', 'fixed'],
    ['5.17.0', 'fixed'],
    ['5.4.0-100-generic', 'unknown'],
    ['5.15.0-25-generic', 'unknown'],
  ])('%s: %s', (text, expected) => {
    expect(answer(border, text)).toBe(expected);
  });
});

describe('a defect that came with a mainline release (Dirty Pipe)', () => {
  const border: KernelBorder = {
    mainline: '5.17',
    stable: ['5.16.11', '5.15.25', '5.10.102'],
    introduced: '5.8',
  };

  it.each([
    ['5.4.83-flatcar', 'fixed'],
    // Has the defect, but nothing is recorded about the end of its series.
    ['5.8.0', 'uncertain'],
    ['5.8.0-rc1', 'uncertain'],
    ['5.7.19', 'fixed'],
    ['5.11.22', 'not-fixed'],
    ['5.10.101', 'not-fixed'],
    ['5.10.102', 'fixed'],
    ['5.4.0-100-generic', 'fixed'],
    // RHEL 8 has it by taking over newer code.
    ['4.18.0-348.el8.x86_64', 'uncertain'],
  ])('%s: %s', (text, expected) => {
    expect(answer(border, text)).toBe(expected);
  });
});

describe('builds of RHEL', () => {
  const oneStream: KernelBorder = {
    mainline: '5.17',
    introduced: '5.1',
    lines: { rhel8: { fixed: '4.18.0-348.12.2.el8_5' }, rhel9: { notAffected: true } },
  };

  it.each([
    ['4.18.0-348.12.2.el8_5.x86_64', 'fixed'],
    ['4.18.0-348.7.1.el8_5.x86_64', 'not-fixed'],
    ['4.18.0-348.12.2.el8_5.x86_64+debug', 'fixed'],
    ['4.18.0-348.12.2.rt7.143.el8_5.x86_64', 'fixed'],
    // The next minor release came later.
    ['4.18.0-372.9.1.el8.x86_64', 'fixed'],
    // First builds, and a minor release without extended support.
    ['4.18.0-305.el8.x86_64', 'not-fixed'],
    ['4.18.0-240.22.1.el8_3.x86_64', 'not-fixed'],
    // 8.4 got updates beside 8.5.
    ['4.18.0-305.25.1.el8_4.x86_64', 'uncertain'],
    // CentOS Stream on its way from 8.5 to 8.6.
    ['4.18.0-358.el8.x86_64', 'uncertain'],
    ['5.14.0-70.el9.x86_64', 'fixed'],
    // The alternative kernels of the same hosts are lines of their own.
    ['5.4.17-2136.302.7.2.1.el8uek.x86_64', 'uncertain'],
    ['5.15.10-1.el8.elrepo.x86_64', 'uncertain'],
  ])('%s: %s', (text, expected) => {
    expect(answer(oneStream, text)).toBe(expected);
  });

  const twoStreams: KernelBorder = {
    mainline: '4.0',
    lines: { rhel7: { fixed: ['3.10.0-1062.4.1.el7', '3.10.0-1075.el7'] } },
  };

  it.each([
    ['3.10.0-1062.4.1.el7.x86_64', 'fixed'],
    ['3.10.0-1062.1.2.el7.x86_64', 'not-fixed'],
    // Development of 7.8 before and after its own fix.
    ['3.10.0-1070.el7.x86_64', 'not-fixed'],
    ['3.10.0-1075.el7.x86_64', 'fixed'],
    ['3.10.0-1080.el7.x86_64', 'fixed'],
    ['3.10.0-1160.118.1.el7.x86_64', 'fixed'],
    ['3.10.0-957.el7.x86_64', 'not-fixed'],
    ['3.10.0-957.99.1.el7.x86_64', 'uncertain'],
  ])('%s: %s', (text, expected) => {
    expect(answer(twoStreams, text)).toBe(expected);
  });

  it('is uncertain between two minor releases that needed the fix', () => {
    const border: KernelBorder = {
      mainline: '5.17',
      lines: { rhel8: { fixed: ['4.18.0-305.50.1.el8_4', '4.18.0-372.10.1.el8_6'] } },
    };

    expect(answer(border, '4.18.0-348.23.1.el8_5.x86_64')).toBe('uncertain');
    expect(answer(border, '4.18.0-372.9.1.el8_6.x86_64')).toBe('not-fixed');
    expect(answer(border, '4.18.0-425.3.1.el8.x86_64')).toBe('fixed');
  });
});

describe('builds of other vendors', () => {
  const border: KernelBorder = {
    mainline: '6.6',
    stable: ['6.5.3', '6.1.53', '5.15.132', '5.10.195', '5.4.257'],
    lines: {
      amazon: { introduced: '5.4.214', fixed: '5.4.219-126.411.amzn2' },
      debian: { fixed: '5.10.191-2' },
      euleros: { fixed: ['4.18.0-147.5.1.6.h686', '4.19.90-vhulk2103.1.0.h584'] },
      photon: { fixed: ['4.19.292-3', '5.10.194-2'], fixedFlavours: { esx: '4.19.292-5' } },
      sles: { fixed: '5.14.21-150400.24.92' },
      ubuntu: {
        fixed: ['5.4.0-165.182', '5.15.0-87.97'],
        fixedFlavours: { aws: '5.15.0-1049.54' },
      },
    },
  };

  it.each([
    ['4.19.292-3.ph3', 'fixed'],
    ['4.19.292-2.ph3', 'not-fixed'],
    ['4.19.292-4.ph3-esx', 'not-fixed'],
    ['4.19.292-5.ph3-esx', 'fixed'],
    // Another flavour of the same base counts for itself; of another base it does not matter.
    ['5.10.194-1.ph4-rt', 'uncertain'],
    ['5.10.193-9.ph4-rt', 'not-fixed'],
    ['5.10.195-1.ph4-rt', 'fixed'],
    ['6.1.52-1.ph5', 'uncertain'],
    ['5.4.217-126.408.amzn2.x86_64', 'not-fixed'],
    ['5.4.219-126.411.amzn2.x86_64', 'fixed'],
    ['5.4.209-116.367.amzn2.x86_64', 'fixed'],
    ['5.15.0-87-generic', 'fixed'],
    ['5.15.0-86-generic', 'not-fixed'],
    ['5.15.0-86-lowlatency', 'not-fixed'],
    ['5.15.0-1049-aws', 'fixed'],
    ['5.15.0-1048-aws', 'not-fixed'],
    ['5.15.0-1048-gcp', 'uncertain'],
    ['5.14.21-150400.24.92-default', 'fixed'],
    ['5.14.21-150400.24.81-default', 'not-fixed'],
    // Another service pack, and a flavour with its own count.
    ['5.14.21-150500.55.19-default', 'uncertain'],
    ['5.14.21-150400.14.10-azure', 'uncertain'],
    ['4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64', 'fixed'],
    ['4.18.0-147.5.1.6.h579.eulerosv2r9.x86_64', 'not-fixed'],
    ['4.19.90-vhulk2103.1.0.h584.eulerosv2r9.aarch64', 'fixed'],
    ['4.19.90-vhulk2111.1.0.h963.eulerosv2r10.aarch64', 'fixed'],
    ['4.19.90-vhulk2006.1.0.h171.eulerosv2r9.aarch64', 'not-fixed'],
  ])('%s: %s', (text, expected) => {
    expect(answer(border, text)).toBe(expected);
  });

  it.each([
    ['5.10.191-2', 'fixed'],
    ['5.10.191-1', 'not-fixed'],
    ['5.10.197-1', 'fixed'],
  ])('Debian with package %s: %s', (version, expected) => {
    expect(answer(border, '5.10.0-25-amd64', debian(version))).toBe(expected);
  });

  it('does not compare the ABI number of Debian with a package version', () => {
    expect(answer(border, '5.10.0-25-amd64')).toBe('uncertain');
  });

  it('does not know the package of a Debian 13 without uname -v', () => {
    const own: KernelBorder = {
      mainline: '6.13',
      stable: ['6.12.44'],
      lines: { debian: { fixed: '6.12.43-2' } },
    };

    expect(answer(own, '6.12.43+deb13-amd64')).toBe('uncertain');
    expect(answer(own, '6.12.41+deb13-amd64')).toBe('not-fixed');
    expect(answer(own, '6.12.48+deb13-amd64')).toBe('fixed');
  });
});

describe('what an entry says of a whole line', () => {
  it.each([
    [{ neverFixed: true }, '3.10.0-1160.118.1.el7.x86_64', 'not-fixed'],
    [{ notAffected: true }, '3.10.0-123.el7.x86_64', 'fixed'],
    [{ uncertain: true }, '3.10.0-123.el7.x86_64', 'uncertain'],
  ])('%j', (entry, text, expected) => {
    expect(answer({ mainline: '5.7', stable: [], introduced: '3.11', lines: { rhel7: entry } }, text)).toBe(
      expected,
    );
  });

  it('does not hold for a base that has the fix from upstream', () => {
    expect(answer({ mainline: '5.7', lines: { ubuntu: { neverFixed: true } } }, '5.15.0-91-generic')).toBe(
      'fixed',
    );
  });

  it('makes a line that follows stable uncertain', () => {
    expect(
      answer({ mainline: '5.7', stable: ['5.4.41'], lines: { photon: { uncertain: true } } }, '5.4.40-1.ph3'),
    ).toBe('uncertain');
  });
});

describe('borders that cannot be read', () => {
  it.each([
    { mainline: 'soon' },
    { mainline: '5.7', stable: ['5.6.x'] },
    { mainline: '5.7', introduced: '' },
    { mainline: '5.7', lines: { mainline: { fixed: 'later' } } },
  ])('%j is unknown', (border) => {
    expect(answer(border, '5.4.1')).toBe('unknown');
  });
});

it('says why', () => {
  const release = parseKernelRelease('5.10.0-28-amd64', debian('5.10.140-1'));

  expect(release && kernelFix(release, { mainline: '5.12', stable: ['5.10.150'] })).toEqual({
    answer: 'uncertain',
    reason:
      '5.10.0-28-amd64 (5.10.140) is older than 5.10.150, which has the fix, but Debian may carry the patch',
  });
});

it('a newer patch level never loses a fix', () => {
  const suffix = fc.constantFrom(
    '',
    '-flatcar',
    '-1.ph3',
    '-1.amzn2.x86_64',
    '+',
    '-1-pve',
    '-1.fc40.x86_64',
  );
  const border: KernelBorder = { mainline: '5.7', stable: ['5.6.13', '5.4.41', '4.19.23'] };
  const series = fc.constantFrom('4.14', '4.19', '5.4', '5.5', '5.6', '5.7');

  fc.assert(
    fc.property(series, fc.nat(60), fc.nat(60), suffix, (base, a, b, tail) => {
      const [older, newer] = [Math.min(a, b), Math.max(a, b)];
      if (answer(border, `${base}.${older}${tail}`) !== 'fixed') return;
      expect(answer(border, `${base}.${newer}${tail}`)).toBe('fixed');
    }),
  );
});
