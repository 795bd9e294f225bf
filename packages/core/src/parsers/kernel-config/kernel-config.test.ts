import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findKernelConfigTitle, parseKernelConfig } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

const SAMPLE = [
  'NF_TABLES',
  'NFT_COMPAT',
  'IP_NF_IPTABLES',
  'NETFILTER_XT_MATCH_COMMENT',
  'NETFILTER_XT_MATCH_STATISTIC',
  'IP_SET',
  'IP_VS',
  'VXLAN',
  'NET_IPIP',
  'GENEVE',
  'WIREGUARD',
  'BRIDGE_NETFILTER',
  'NF_CONNTRACK',
  'IPV6',
  'BPF_SYSCALL',
];

describe('real captures', () => {
  it.each([
    ['001-linuxkit-5.10-x86.txt', 1798, 180, 1841, 'y y y y y y y y y m m y y y y'],
    ['002-photon-esx-x86.txt', 1196, 535, 2028, 'm m m m m m m m m m m m m m y'],
    ['003-rhel-fragment.txt', 5, 0, 0, '- - - - - - - - - - - - - - -'],
  ])('%s', (file, y, m, n, sample) => {
    const { value, problems } = parseKernelConfig(fixture(file));
    const count = (wanted: string) => [...value.values()].filter((option) => option.value === wanted).length;
    expect(problems).toEqual([]);
    expect([count('y'), count('m'), count('n')]).toEqual([y, m, n]);
    expect(SAMPLE.map((name) => value.get(`CONFIG_${name}`)?.value ?? '-').join(' ')).toBe(sample);
  });

  it.each([
    ['001-linuxkit-5.10-x86.txt', { architecture: 'x86', release: '5.10.104', line: 3 }],
    ['002-photon-esx-x86.txt', undefined],
    ['003-rhel-fragment.txt', { architecture: 'x86_64', release: '3.10.0-693.el7.x86_64', line: 3 }],
  ])('finds the title of %s', (file, title) => {
    expect(findKernelConfigTitle(fixture(file))).toEqual(title);
  });
});

it('keeps other values as printed, with their lines', () => {
  const { value, problems } = parseKernelConfig(
    'CONFIG_HZ=250\r\n\r\nCONFIG_LOCALVERSION="-x"\r\n# CONFIG_IP_VS is not set',
  );
  expect(problems).toEqual([]);
  expect([...value]).toEqual([
    ['CONFIG_HZ', { value: '250', line: 1 }],
    ['CONFIG_LOCALVERSION', { value: '"-x"', line: 3 }],
    ['CONFIG_IP_VS', { value: 'n', line: 4 }],
  ]);
});

it.each([
  'cat: /boot/config-5.10: No such file or directory',
  'CONFIG_IP_VS',
  'IP_VS=y',
  '\u001f\ufffd\b\0',
  'CONFIG_IP_V',
])('reports %j', (line) => {
  const { value, problems } = parseKernelConfig(line);
  expect(value.size).toBe(0);
  expect(problems).toMatchObject([{ line: 1 }]);
});
