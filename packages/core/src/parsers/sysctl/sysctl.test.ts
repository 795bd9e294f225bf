import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSysctl } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function values(text: string): Record<string, string> {
  return Object.fromEntries([...parseSysctl(text).value].map(([name, { value }]) => [name, value]));
}

describe('real captures', () => {
  it('reads the complete list of CentOS 7', () => {
    const text = fixture('001-centos7-all.txt');
    const { value, problems } = parseSysctl(text);
    expect(problems).toEqual([]);
    // 918 lines; dev.cdrom.info takes 24 of them, one for each line of its value.
    expect(text.trimEnd().split('\n')).toHaveLength(918);
    expect(value.size).toBe(918 - 23);
    expect(values(text)).toMatchObject({
      'kernel.osrelease': '3.10.0-1062.1.2.el7.x86_64',
      'net.bridge.bridge-nf-call-iptables': '0',
      'net.ipv4.conf.all.rp_filter': '1',
      'net.ipv4.conf.default.rp_filter': '1',
      'net.ipv4.ip_forward': '1',
      'net.ipv4.ip_local_port_range': '32768\t60999',
      'net.ipv4.neigh.default.gc_thresh3': '1024',
      'net.netfilter.nf_conntrack_max': '65536',
    });
    expect(value.get('net.ipv4.ip_local_port_range')?.line).toBe(414);
  });

  it('reads the drop-in of kind nodes', () => {
    expect(parseSysctl(fixture('002-kind-network-magic.conf')).problems).toEqual([]);
    expect(values(fixture('002-kind-network-magic.conf'))).toEqual({
      'net.ipv4.conf.all.route_localnet': '1',
      'net.ipv4.conf.all.arp_ignore': '0',
    });
  });

  it('reads indented settings between comments of both kinds', () => {
    expect(parseSysctl(fixture('003-insights-conf.conf')).problems).toEqual([]);
    expect(values(fixture('003-insights-conf.conf'))).toEqual({
      'kernel.domainname': 'example.com',
      'kernel.modprobe': '/sbin/mod probe',
    });
  });

  it('reads the drop-in of LinuxKit', () => {
    const { value, problems } = parseSysctl(fixture('004-linuxkit.conf'));
    expect(problems).toEqual([]);
    expect(value.size).toBe(25);
    expect(values(fixture('004-linuxkit.conf'))).toMatchObject({
      'net.ipv4.conf.default.rp_filter': '1',
      'net.ipv4.conf.all.rp_filter': '1',
      'net.ipv4.neigh.default.gc_thresh3': '100000',
    });
  });
});

it.each([
  ['net/ipv4/conf/eth0.100/rp_filter = 0', 'net.ipv4.conf.eth0.100.rp_filter'],
  ['net.ipv4.conf.eth0/100.rp_filter=0', 'net.ipv4.conf.eth0.100.rp_filter'],
  ['-net.ipv4.conf.all.rp_filter = 0', 'net.ipv4.conf.all.rp_filter'],
  ['net.ipv4.conf.*.rp_filter = 0', 'net.ipv4.conf.*.rp_filter'],
])('reads the name of %j', (line, name) => {
  expect(parseSysctl(line)).toEqual({ value: new Map([[name, { value: '0', line: 1 }]]), problems: [] });
});

it('keeps the last value of a name', () => {
  expect(parseSysctl('a.b = 1\r\na.b = 2\r\n').value.get('a.b')).toEqual({ value: '2', line: 2 });
});

it('keeps an empty value', () => {
  expect(parseSysctl('kernel.domainname = \n').value.get('kernel.domainname')?.value).toBe('');
});

it.each([
  "sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'",
  'sysctl: reading key "net.ipv6.conf.all.stable_secret"',
  'Error: a.b = 1',
  'net.ipv4.ip_forward',
  'ip_forward = 1',
  'net.ipv4.ip_forward = 1\0',
])('reports %j', (line) => {
  const { value, problems } = parseSysctl(`${line}\nnet.core.somaxconn = 128\n`);
  expect(problems).toMatchObject([{ line: 1 }]);
  expect([...value.keys()]).toEqual(['net.core.somaxconn']);
});
