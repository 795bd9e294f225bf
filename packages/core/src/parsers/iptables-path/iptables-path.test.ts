import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIptablesPath } from './index.ts';

describe('parseIptablesPath', () => {
  it('follows the links to the program, in any order of lines', () => {
    const text = `lrwxrwxrwx 1 root root 22 Nov 21 10:08 /etc/alternatives/iptables -> /usr/sbin/iptables-nft
lrwxrwxrwx 1 root root 26 Jan 16  2023 /usr/sbin/iptables -> /etc/alternatives/iptables
lrwxrwxrwx 1 root root 17 Jan 16  2023 /usr/sbin/iptables-nft -> xtables-nft-multi
`;
    expect(parseIptablesPath(text)).toEqual({
      value: [
        { path: '/etc/alternatives/iptables', target: '/usr/sbin/iptables-nft', backend: 'nft', line: 1 },
        { path: '/usr/sbin/iptables', target: '/etc/alternatives/iptables', backend: 'nft', line: 2 },
        { path: '/usr/sbin/iptables-nft', target: 'xtables-nft-multi', backend: 'nft', line: 3 },
      ],
      problems: [],
    });
  });

  it.each([
    ['lrwxrwxrwx. 1 root root 20 Aug  9 12:00 /sbin/iptables -> xtables-legacy-multi', 'legacy'],
    ['lrwxrwxrwx. 1 root root 13 2021-08-09 12:00 /usr/sbin/iptables -> xtables-multi', 'legacy'],
    [
      'lrwxrwxrwx 1 root root 17 2024-02-01 10:11:12.000000000 +0100 /usr/sbin/iptables -> xtables-nft-multi',
      'nft',
    ],
    [
      'lrwxrwxrwx    1 root     root            26 Jan  1  1970 /usr/sbin/iptables -> ../sbin/iptables-wrapper',
      undefined,
    ],
    ['-rwxr-xr-x 1 root root 99296 Jan 16  2023 /usr/sbin/xtables-legacy-multi', 'legacy'],
    ['-rwxr-xr-x 1 root root 1200 Jan 16  2023 /usr/sbin/iptables', undefined],
  ])('%s', (line, backend) => {
    const { value, problems } = parseIptablesPath(line);
    expect(problems).toEqual([]);
    expect(value).toHaveLength(1);
    expect(value[0]?.backend).toBe(backend);
  });

  it('stops at links in a circle', () => {
    const text = `lrwxrwxrwx 1 r r 1 Jan 16 2023 /a/x -> y\nlrwxrwxrwx 1 r r 1 Jan 16 2023 /a/y -> x\n`;
    expect(parseIptablesPath(text).value.map((file) => file.backend)).toEqual([undefined, undefined]);
  });

  it.each([
    "ls: cannot access '/usr/sbin/iptables': No such file or directory",
    'lrwxrwxrwx 1 root root 26 Jan 16',
    '\0\0',
  ])('reports %j', (text) => {
    expect(parseIptablesPath(text)).toMatchObject({ value: [], problems: [{ line: 1 }] });
  });

  it('takes empty text as nothing listed', () => {
    expect(parseIptablesPath('')).toEqual({ value: [], problems: [] });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseIptablesPath(text) !== undefined));
  });
});
