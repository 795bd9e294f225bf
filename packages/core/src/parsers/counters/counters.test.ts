import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseNetDev, parseNetstat, parseNstat, parseProcNetSnmp } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('nstat', () => {
  it('reads all counters', () => {
    const { value, problems } = parseNstat(fixture('lab-nstat.txt'));
    expect(problems).toEqual([]);
    expect(value.size).toBe(399);
    expect(value.get('UdpInCsumErrors')).toMatchObject({ value: 0 });
    expect(value.get('Ip6InReceives')?.line).toBeGreaterThan(1);
  });

  it('reads the change of each counter and large values', () => {
    const text =
      '#12345.678 sampling_interval=1 time_const=60\nUdpInCsumErrors                 63                 0.1\nIpExtInOctets 18446744073709551615 0.0\n';
    expect([...parseNstat(text).value]).toEqual([
      ['UdpInCsumErrors', { value: 63, line: 2 }],
      ['IpExtInOctets', { value: 2 ** 64, line: 3 }],
    ]);
  });

  it.each([
    'nstat: command not found',
    'UdpInCsumErrors',
    'UdpInCsumErrors many 0.0',
    'UdpInCsumErrors -1 0.0',
  ])('%s is a problem', (text) => {
    expect(parseNstat(text)).toMatchObject({ value: new Map(), problems: [{ line: 1, text }] });
  });
});

describe('/proc/net/snmp', () => {
  it('reads names and values from their two lines', () => {
    const { value, problems } = parseProcNetSnmp(fixture('002-snmp.txt'));
    expect(problems).toEqual([]);
    expect(value.get('IpInReceives')).toEqual({ value: 57740232, line: 2 });
    expect(value.get('UdpNoPorts')).toEqual({ value: 120, line: 10 });
    expect(value.get('UdpInCsumErrors')).toEqual({ value: 0, line: 10 });
    expect(value.get('TcpMaxConn')?.value).toBe(-1);
    expect(value.get('IcmpMsgInType3')?.value).toBe(104);
  });

  it('gives the names of nstat', () => {
    const proc = ['lab-snmp.txt', 'lab-netstat.txt', 'lab-snmp6.txt'].map(fixture).join('');
    const names = new Set(parseProcNetSnmp(proc).value.keys());
    const nstat = [...parseNstat(fixture('lab-nstat.txt')).value.keys()];
    expect(nstat.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    ['names and values that do not fit', 'Udp: A B\nUdp: 1\n', 2],
    ['values of another group', 'Udp: A\nTcp: 1\n', 2],
    ['values that are no numbers', 'Udp: A\nUdp: B\n', 2],
    ['values without names', 'Udp: 1 2\n', 1],
    ['a file cut off after the names', 'Udp: A B\n', 1],
  ])('%s are a problem', (_, text, line) => {
    expect(parseProcNetSnmp(text)).toMatchObject({ value: new Map(), problems: [{ line }] });
  });
});

describe('netstat -s', () => {
  it.each(['003-netstat-s.txt', 'lab-netstat-s.txt'])('%s is understood as a whole', (file) => {
    expect(parseNetstat(fixture(file)).problems).toEqual([]);
  });

  it('reads sections, wordings and names', () => {
    const counters = parseNetstat(fixture('003-netstat-s.txt')).value;
    const find = (name: string) => counters.find((counter) => counter.name === name);
    expect(find('IpInReceives')).toMatchObject({ section: 'Ip', value: 3405107, line: 2 });
    expect(find('UdpNoPorts')).toMatchObject({ description: 'packets to unknown port received', value: 107 });
    expect(find('TcpRetransSegs')?.value).toBe(428);
    expect(find('TcpInErrs')?.value).toBe(0);
    expect(find('TcpExtTCPLossProbes')?.value).toBe(12);
    expect(find('IpExtInOctets')?.value).toBe(865450302);
    expect(counters.find((counter) => counter.description.startsWith('Quick ack'))).toEqual({
      line: 53,
      section: 'TcpExt',
      description: 'Quick ack mode was activated times',
      value: 9,
    });
  });

  it.each(['netstat: command not found', '    5 packets received', 'Udp:\n    packets received'])(
    '%j is a problem',
    (text) => {
      expect(parseNetstat(text)).toMatchObject({ value: [], problems: [{}] });
    },
  );
});

describe('/proc/net/dev', () => {
  it('reads the counters of each interface', () => {
    const { value, problems } = parseNetDev(fixture('001-dev-leaf01.txt'));
    expect(problems).toEqual([]);
    expect(value.size).toBe(15);
    expect(value.get('vni13')).toEqual({
      line: 10,
      name: 'vni13',
      receivedBytes: 548,
      receivedPackets: 13,
      receiveErrors: 0,
      receiveDropped: 0,
      sentBytes: 1052,
      sentPackets: 14,
      sendErrors: 0,
      sendDropped: 16,
    });
  });

  it('reads counters that touch the colon, as older kernels print them', () => {
    const line = ' eth0:2832 15 0 0 0 0 0 0 2525 14 0 7 0 0 0 0\n';
    expect(parseNetDev(line).value.get('eth0')).toMatchObject({ receivedBytes: 2832, sendDropped: 7 });
  });

  it.each([
    'eth0: 1 2 3',
    'eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 x',
    'eth0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16',
  ])('%s is a problem', (text) => {
    expect(parseNetDev(text)).toMatchObject({ value: new Map(), problems: [{ line: 1, text }] });
  });
});
