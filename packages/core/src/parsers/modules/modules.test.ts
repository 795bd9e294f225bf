import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLsmod, parseModulesAvailable, parseModulesBuiltin } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('loaded modules', () => {
  it.each([
    ['lsmod/001-centos7.txt', 98],
    ['lsmod/003-rhel.txt', 16],
  ])('%s', (file, count) => {
    const { value, problems } = parseLsmod(fixture(file));
    expect(problems).toEqual([]);
    expect(value.size).toBe(count);
    expect(value.get('llc')).toMatchObject({ size: 14552, refCount: 2, usedBy: ['stp', 'bridge'] });
  });

  it('tells the state of modules in /proc/modules and reports its damaged lines', () => {
    const text = fixture('lsmod/002-proc-modules-talos.txt');
    const { value, problems } = parseLsmod(text);
    const live = [...value.values()].filter(({ state }) => state === 'Live').map(({ name }) => name);
    expect(live).toEqual(['cpuid', 'wireguard', 'curve25519_x86_64', 'libcurve25519_generic']);
    expect(value.get('modloading')?.state).toBe('Loading');
    expect(value.get('modunloading')?.state).toBe('Unloading');
    expect(problems).toMatchObject([
      { line: 2, text: 'firstmalformed is a malformed_field' },
      { line: 4, text: 'secondmalformed controller should ignore this' },
    ]);
    expect(value.size + problems.length).toBe(8);
  });

  it('reads users, taints and modules that are never unloaded', () => {
    const text =
      'ip-vs 1 2 ip_vs_rr,[permanent], Live 0x0000000000000000 (OE)\nx 1 - - Live 0xffffffffc0a1\n';
    const { value, problems } = parseLsmod(text);
    expect(problems).toEqual([]);
    expect(value.get('ip_vs')).toEqual({
      name: 'ip_vs',
      size: 1,
      refCount: 2,
      usedBy: ['ip_vs_rr'],
      state: 'Live',
      taints: 'OE',
      line: 1,
    });
    expect(value.get('x')).toMatchObject({ refCount: -1, usedBy: [] });
  });

  it.each(['lsmod: command not found', 'bridge 151336', 'bridge many 1', 'bridge 1 1\0'])(
    'reports %j',
    (line) => {
      const { value, problems } = parseLsmod(`${line}\nstp 1 1 bridge\n`);
      expect(problems).toMatchObject([{ line: 1 }]);
      expect([...value.keys()]).toEqual(['stp']);
    },
  );
});

describe('built-in modules', () => {
  it.each([
    ['modules-builtin/001-talos-sample.txt', 5, ['aes_x86_64', 'loopback', 'tcp_cubic', 'ext4']],
    [
      'modules-builtin/002-ipvs-in-kernel.txt',
      15,
      ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack_ipv4'],
    ],
  ])('%s', (file, count, names) => {
    const { value, problems } = parseModulesBuiltin(fixture(file));
    expect(problems).toEqual([]);
    expect(value.size).toBe(count);
    expect([...value.keys()]).toEqual(expect.arrayContaining(names));
  });

  it('reads compressed modules and reports other files', () => {
    const { value, problems } = parseModulesBuiltin('kernel/a-b.ko.zst\nkernel/a.txt\n');
    expect([...value]).toEqual([['a_b', { name: 'a_b', line: 1 }]]);
    expect(problems).toMatchObject([{ line: 2 }]);
  });
});

describe('available modules', () => {
  it('reads yes and no, and reports anything else', () => {
    const { value, problems } = parseModulesAvailable('xt_comment yes\r\nip-vs no\r\nvxlan maybe\r\n');
    expect([...value]).toEqual([
      ['xt_comment', { available: true, line: 1 }],
      ['ip_vs', { available: false, line: 2 }],
    ]);
    expect(problems).toMatchObject([{ line: 3 }]);
  });
});
