import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKernelRelease } from './release.ts';

describe('parseKernelRelease', () => {
  // release, line, base, build, flavour
  it.each([
    ['3.10.0-1160.el7.x86_64', 'rhel7', '3.10.0', '1160', undefined],
    ['3.10.0-1160.118.1.el7.x86_64', 'rhel7', '3.10.0', '1160.118.1', undefined],
    ['3.10.0-1062.1.2.el7.centos.plus.x86_64', 'rhel7', '3.10.0', '1062.1.2', 'plus'],
    ['3.10.0-327.rt56.204.el7.x86_64', 'rhel7', '3.10.0', '327', 'rt'],
    ['4.11.0-22.el7a.aarch64', 'rhel7a', '4.11.0', '22', undefined],
    ['2.6.32-504.el6.x86_64', 'rhel6', '2.6.32', '504', undefined],
    ['4.18.0-305.el8.x86_64', 'rhel8', '4.18.0', '305', undefined],
    ['4.18.0-305.el8.x86_64+debug', 'rhel8', '4.18.0', '305', 'debug'],
    ['4.18.0-348.12.2.el8_5.x86_64', 'rhel8', '4.18.0', '348.12.2', undefined],
    ['4.18.0-552.1.el8.x86_64', 'rhel8', '4.18.0', '552.1', undefined],
    ['5.14.0-70.26.1.el9_0.x86_64', 'rhel9', '5.14.0', '70.26.1', undefined],
    ['5.14.0-284.18.1.rt14.303.el9_2.x86_64', 'rhel9', '5.14.0', '284.18.1', 'rt'],
    ['5.14.0-427.13.1.el9_4.x86_64+rt', 'rhel9', '5.14.0', '427.13.1', 'rt'],
    ['5.14.0-427.13.1.el9_4.aarch64+64k', 'rhel9', '5.14.0', '427.13.1', '64k'],
    ['5.14.0-412.el9.x86_64', 'rhel9', '5.14.0', '412', undefined],
    ['6.12.0-211.26.1.el10_2.x86_64', 'rhel10', '6.12.0', '211.26.1', undefined],
    ['6.6.9-1.el7.elrepo.x86_64', 'elrepo', '6.6.9', '1', undefined],
    ['5.4.17-2136.302.7.2.1.el8uek.x86_64', 'uek', '5.4.17', '2136.302.7.2.1', undefined],
    ['4.14.35-1902.0.9.el7uek.x86_64', 'uek', '4.14.35', '1902.0.9', undefined],
    ['6.11.4-201.fc40.x86_64', 'fedora', '6.11.4', '201', undefined],
    ['5.15.83-1-pve', 'proxmox', '5.15.83', '1', undefined],
    ['5.14.21-150400.24.33-default', 'sles', '5.14.21', '150400.24.33', 'default'],
    ['5.14.21-150400.14.10-azure', 'sles', '5.14.21', '150400.14.10', 'azure'],
    ['4.12.14-122.136-default', 'sles', '4.12.14', '122.136', 'default'],
    ['4.12.14-lp151.28.7-default', 'sles', '4.12.14', 'lp151.28.7', 'default'],
    ['4.19.87-4.ph3', 'photon', '4.19.87', '4', undefined],
    ['4.19.79-2.ph3-esx', 'photon', '4.19.79', '2', 'esx'],
    ['5.10.118-5.ph4-rt', 'photon', '5.10.118', '5', 'rt'],
    ['6.1.53-2.ph5-aws', 'photon', '6.1.53', '2', 'aws'],
    ['4.14.355-275.570.amzn2.x86_64', 'amazon', '4.14.355', '275.570', undefined],
    ['5.4.217-126.408.amzn2.x86_64', 'amazon', '5.4.217', '126.408', undefined],
    ['6.1.55-75.123.amzn2023.x86_64', 'amazon', '6.1.55', '75.123', undefined],
    ['5.4.83-flatcar', 'flatcar', '5.4.83', undefined, undefined],
    ['4.14.30-coreos', 'flatcar', '4.14.30', undefined, 'coreos'],
    ['6.18.2-talos', 'talos', '6.18.2', undefined, undefined],
    ['5.15.78+', 'cos', '5.15.78', undefined, undefined],
    ['6.6.47.1-1.azl3', 'azurelinux', '6.6.47', '1-1', undefined],
    ['5.15.137.1-1.cm2', 'azurelinux', '5.15.137', '1-1', undefined],
    ['5.15.133.1-microsoft-standard-WSL2', 'wsl', '5.15.133', '1', undefined],
    ['5.10.102.2-microsoft-standard', 'wsl', '5.10.102', '2', undefined],
    ['4.4.0-19041-Microsoft', 'other', '4.4.0', undefined, undefined],
    ['6.6.12-linuxkit', 'linuxkit', '6.6.12', undefined, undefined],
    ['4.19.90-2107.6.0.0192.8.oe1.x86_64', 'openeuler', '4.19.90', '2107.6.0.0192.8', undefined],
    ['5.10.0-60.18.0.50.oe2203.x86_64', 'openeuler', '5.10.0', '60.18.0.50', undefined],
    ['6.6.0-28.0.0.34.oe2403.x86_64', 'openeuler', '6.6.0', '28.0.0.34', undefined],
    ['4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64', 'euleros', '4.18.0', '147.5.1.6.h686', undefined],
    ['4.19.90-vhulk2103.1.0.h584.eulerosv2r9.aarch64', 'euleros', '4.19.90', 'vhulk2103.1.0.h584', undefined],
    ['5.10.0-182.0.0.95.r1941_123.hce2.x86_64', 'hce', '5.10.0', '182.0.0.95.r1941_123', undefined],
    ['4.19.90-24.4.v2101.ky10.x86_64', 'kylin', '4.19.90', '24.4.v2101', undefined],
    ['5.4.18-110-generic', 'kylin', '5.4.18', '110', 'generic'],
    ['4.19.91-26.an8.x86_64', 'anolis', '4.19.91', '26', undefined],
    ['5.10.134-13.an8.x86_64', 'anolis', '5.10.134', '13', undefined],
    ['5.10.134-15.al8.x86_64', 'alibaba', '5.10.134', '15', undefined],
    ['5.4.119-19-0009.11.tl3', 'tencent', '5.4.119', '19-0009.11', undefined],
    ['4.14.105-19-0024', 'tencent', '4.14.105', '19-0024', undefined],
    ['6.6.31+rpt-rpi-v8', 'raspi', '6.6.31', undefined, 'v8'],
    ['5.10.103-v7l+', 'raspi', '5.10.103', undefined, 'v7l'],
    ['6.12.43+deb13-amd64', 'debian', '6.12.43', undefined, undefined],
    ['6.6.8-0-lts', 'alpine', '6.6.8', '0', 'lts'],
    ['6.6.8-arch1-1', 'arch', '6.6.8', '1', undefined],
    ['6.1.102', 'mainline', '6.1.102', undefined, undefined],
    ['6.1.55-060155-generic', 'mainline', '6.1.55', undefined, 'generic'],
    ['4.18.0-193.14.2.el8_2.bclinux.x86_64', 'other', '4.18.0', undefined, undefined],
    ['5.10.17-custom', 'other', '5.10.17', undefined, undefined],
  ])('reads %s', (text, line, base, build, flavour) => {
    const release = parseKernelRelease(text);

    expect(release).toMatchObject({ raw: text, line, patchKnown: true });
    expect(`${release?.base.major}.${release?.base.minor}.${release?.base.patch}`).toBe(base);
    expect(release?.build).toBe(build);
    expect(release?.flavour).toBe(flavour);
  });

  it.each([
    ['5.15.0-91-generic', 'ubuntu', '91', 'generic'],
    ['5.4.0-1063-aws', 'ubuntu', '1063', 'aws'],
    ['6.8.0-1025-azure', 'ubuntu', '1025', 'azure'],
    ['5.15.0-1050-gke', 'ubuntu', '1050', 'gke'],
    ['5.4.0-100-lowlatency', 'ubuntu', '100', 'lowlatency'],
    ['6.8.0-40-generic-64k', 'ubuntu', '40', 'generic-64k'],
    ['5.10.0-28-amd64', 'debian', '28', undefined],
    ['6.1.0-18-cloud-amd64', 'debian', '18', 'cloud'],
    ['6.5.0-0.deb11.4-amd64', 'debian', '0.deb11.4', undefined],
  ])('%s hides its stable patch level', (text, line, build, flavour) => {
    const release = parseKernelRelease(text);

    expect(release).toMatchObject({ line, build, patchKnown: false, base: { patch: 0 } });
    expect(release?.flavour).toBe(flavour);
  });

  it('takes the base of Debian from the package in uname -v', () => {
    const release = parseKernelRelease('5.10.0-28-amd64', {
      unameVersion: '#1 SMP Debian 5.10.209-2 (2024-01-31)',
    });

    expect(release).toMatchObject({
      base: { major: 5, minor: 10, patch: 209 },
      patchKnown: true,
      build: '2',
    });
  });

  it('does not believe a uname -v of another series', () => {
    const release = parseKernelRelease('5.10.0-28-amd64', {
      unameVersion: '#1 SMP Debian 6.1.55-1 (2023-09-29)',
    });

    expect(release).toMatchObject({ base: { major: 5, minor: 10, patch: 0 }, patchKnown: false });
  });

  it.each([
    ['5.15.0-91-generic', '#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023', '91.101'],
    ['5.15.0-91-generic', '#101~20.04.1-Ubuntu SMP Thu Nov 16 14:22:28 UTC 2023', '91.101'],
    ['5.15.0-91-generic', '#1 SMP', '91'],
  ])('%s with %s is build %s', (text, unameVersion, build) => {
    expect(parseKernelRelease(text, { unameVersion })?.build).toBe(build);
  });

  it.each([
    ['6.1.102', 'bottlerocket', 'bottlerocket'],
    ['5.10.0-8-generic', 'kylin', 'kylin'],
    ['6.11.3-1-default', 'opensuse-tumbleweed', 'tumbleweed'],
    ['6.6.9-1.el8.elrepo.x86_64', 'rocky', 'elrepo'],
    ['4.19.90-custom', 'openEuler', 'openeuler'],
  ])('%s on %s is line %s', (text, osId, line) => {
    expect(parseKernelRelease(text, { osId })?.line).toBe(line);
  });

  it.each([
    ['6.12.0-rc3', 'mainline'],
    ['6.7.0-060700rc3-generic', 'mainline'],
    ['6.12.0-0.rc3.20241010git1234.31.fc42.x86_64', 'fedora'],
    ['6.12~rc3-amd64', 'debian'],
  ])('%s is a release candidate', (text, line) => {
    expect(parseKernelRelease(text)).toMatchObject({ line, preRelease: 'rc3' });
  });

  it('has nothing for a text without leading digits, and something for all others', () => {
    expect(parseKernelRelease('')).toBeUndefined();
    expect(parseKernelRelease('Linux 5.4')).toBeUndefined();
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9][-+._~a-z0-9]{0,40}$/), fc.string(), (text, unameVersion) => {
        expect(parseKernelRelease(text, { unameVersion })?.raw).toBe(text);
      }),
    );
  });
});
