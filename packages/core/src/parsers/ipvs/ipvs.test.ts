import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ipvs, parseIpvsList, parseIpvsSave, parseIpvsTimeout } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function serversOf({ services }: Ipvs) {
  return services.flatMap((service) => service.servers.map(({ address, port }) => `${address}:${port}`));
}

const HEADING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;

describe('listings', () => {
  it('001-kep265-ln.txt: services and servers', () => {
    const { value, problems } = parseIpvsList(fixture('001-kep265-ln.txt'));
    expect(problems).toEqual([]);
    expect(value).toMatchObject({
      version: '1.2.1',
      connectionTableSize: 4096,
      services: [
        {
          protocol: 'TCP',
          address: '10.102.128.4',
          port: 3080,
          scheduler: 'rr',
          isPersistent: false,
          line: 4,
        },
      ],
    });
    expect(serversOf(value)).toEqual(['10.244.0.235:8080', '10.244.1.237:8080']);
    expect(value.services[0]?.servers[0]).toEqual({
      address: '10.244.0.235',
      port: 8080,
      forward: 'masq',
      weight: 1,
      activeConnections: 0,
      inactiveConnections: 0,
      counters: new Map(),
      line: 5,
    });
  });

  it('002-proc-ip-vs.txt: hexadecimal addresses and marks', () => {
    const { value, problems } = parseIpvsList(fixture('002-proc-ip-vs.txt'));
    expect(problems).toEqual([]);
    expect(value.services).toHaveLength(4);
    expect(serversOf(value)).toHaveLength(10);
    expect(value.services[0]).toMatchObject({ address: '192.168.0.22', port: 3306, scheduler: 'wlc' });
    expect(value.services[0]?.servers[0]).toMatchObject({
      address: '192.168.82.22',
      port: 3306,
      forward: 'tunnel',
    });
    expect(value.services[3]).toMatchObject({ protocol: 'FWM', fwmark: 0x10001000, scheduler: 'wlc' });
    expect(value.services[3]?.address).toBeUndefined();
  });

  it.each([
    ['TCP  10.96.0.1:443 rr persistent 10800', { isPersistent: true, persistentSeconds: 10_800 }],
    [
      'TCP  10.96.0.1:80 wlc persistent 300 mask 255.255.255.0',
      { persistentSeconds: 300, flags: ['persistent', '300', 'mask', '255.255.255.0'] },
    ],
    ['UDP  [fd00::a]:53 rr ops', { protocol: 'UDP', address: 'fd00::a', port: 53, flags: ['ops'] }],
    ['FWM  5 IPv6 rr', { protocol: 'FWM', fwmark: 5, scheduler: 'rr', flags: ['IPv6'] }],
    [
      'TCP  [fd00:0000:0000:0000:0000:0000:0000:000a]:01BB rr persistent 2700000 FFFFFFFF',
      { address: 'fd00:0000:0000:0000:0000:0000:0000:000a', port: 443, isPersistent: true },
    ],
  ])('%s', (line, service) => {
    const { value, problems } = parseIpvsList(`${HEADING}${line}\n`);
    expect(problems).toEqual([]);
    expect(value.services).toMatchObject([service]);
  });

  it('does not take a time of the kernel for seconds', () => {
    const { value } = parseIpvsList(`${HEADING}TCP  0A600001:01BB rr persistent 2700000 FFFFFFFF\n`);
    expect(value.services[0]).toMatchObject({ address: '10.96.0.1', port: 443, isPersistent: true });
    expect(value.services[0]?.persistentSeconds).toBeUndefined();
  });

  it('reads counters in the place of schedulers', () => {
    const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  20.20.20.1:2020                   401  8939187  8953980  830843K    1135M
  -> 17.17.17.1:5001                   134  3026088  3031335  281255K  384268K
`;
    const { value, problems } = parseIpvsList(text);
    expect(problems).toEqual([]);
    const [service] = value.services;
    expect(service?.scheduler).toBeUndefined();
    expect(Object.fromEntries(service?.counters ?? [])).toEqual({
      Conns: 401,
      InPkts: 8_939_187,
      OutPkts: 8_953_980,
      InBytes: 830_843_000,
      OutBytes: 1_135_000_000,
    });
    expect(service?.servers[0]?.counters.get('Conns')).toBe(134);
    expect(service?.servers[0]?.forward).toBeUndefined();
  });

  it('reads thresholds', () => {
    const text = `Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn
  -> RemoteAddress:Port
TCP  10.96.0.1:443 rr
  -> 172.18.0.2:6443              0          0          7          2
`;
    const { value, problems } = parseIpvsList(text);
    expect(problems).toEqual([]);
    expect(value.services).toMatchObject([
      { scheduler: 'rr', servers: [{ activeConnections: 7, inactiveConnections: 2 }] },
    ]);
    expect(value.services[0]?.servers[0]?.counters.get('Uthreshold')).toBe(0);
  });

  it.each([
    ['names instead of numbers', `${HEADING}TCP  kubernetes.default:https rr\n`, 4],
    ['a server before any service', `${HEADING}  -> 10.0.0.1:80      Masq    1      0          0\n`, 4],
    ['a server that was cut', `${HEADING}TCP  10.96.0.1:443 rr\n  -> 10.0.0.1:80      Masq    1`, 5],
    ['a service that was cut', `${HEADING}TCP  10.96.0.1`, 4],
    ['a port out of range', `${HEADING}TCP  10.96.0.1:65536 rr\n`, 4],
    ['NUL bytes', `${HEADING}TCP  10.96.0.1:443\0 rr\n`, 4],
    ['a list of connections', 'IPVS connection entries\n', 1],
  ])('%s is reported', (_, text, line) => {
    const { value, problems } = parseIpvsList(text);
    expect(problems).toMatchObject([{ line }]);
    expect(serversOf(value)).toEqual([]);
  });

  it('does not give the servers of a service that was not understood to the one before it', () => {
    const { value } = parseIpvsList(
      `${HEADING}TCP  10.96.0.1:443 rr\nTCP  kubernetes:https rr\n  -> 10.0.0.1:80      Masq    1      0          0\n`,
    );
    expect(serversOf(value)).toEqual([]);
  });

  it('reports that IPVS is not there', () => {
    const text =
      "Can't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?\n";
    expect(parseIpvsList(text)).toMatchObject({
      value: { services: [] },
      problems: [{ line: 1 }, { line: 2 }],
    });
  });
});

describe('saved services', () => {
  it('reads services, servers and their options', () => {
    const text = `-A -t 10.1.0.1:443 -s rr
-a -t 10.1.0.1:443 -r 192.168.10.100:6443 -m -w 1
-a -t 10.1.0.1:443 -r 192.168.10.101:6443 -m -w 0
-A -t 10.1.21.161:8080 -s rr -p 10800
-a -t 10.1.21.161:8080 -r 10.2.0.10:8080 -m -w 1
-A -u [fd00::a]:53 -s sh -b flag-1
-a -u [fd00::a]:53 -r [fd00:10::5]:53 -g -w 100
-A -f 5 -s wlc -p 300 -M 255.255.255.0
-a -f 5 -r 10.2.0.11:80 -i -w 1
`;
    const { value, problems } = parseIpvsSave(text);
    expect(problems).toEqual([]);
    expect(value.services).toMatchObject([
      {
        ...{
          protocol: 'TCP',
          address: '10.1.0.1',
          port: 443,
          scheduler: 'rr',
          isPersistent: false,
          flags: [],
          line: 1,
        },
        servers: [
          { address: '192.168.10.100', port: 6443, forward: 'masq', weight: 1, line: 2 },
          { address: '192.168.10.101', weight: 0 },
        ],
      },
      {
        address: '10.1.21.161',
        isPersistent: true,
        persistentSeconds: 10_800,
        servers: [{ address: '10.2.0.10' }],
      },
      {
        protocol: 'UDP',
        address: 'fd00::a',
        flags: ['-b', 'flag-1'],
        servers: [{ address: 'fd00:10::5', forward: 'route' }],
      },
      {
        protocol: 'FWM',
        fwmark: 5,
        persistentSeconds: 300,
        flags: ['-M', '255.255.255.0'],
        servers: [{ forward: 'tunnel' }],
      },
    ]);
  });

  it.each([
    ['a server of a missing service', '-a -t 10.1.0.1:443 -r 192.168.10.100:6443 -m -w 1\n', 1],
    ['names instead of numbers', '-A -t kubernetes:https -s rr\n', 1],
    ['a server that was cut', '-A -t 10.1.0.1:443 -s rr\n-a -t 10.1.0.1:443 -r 192.168', 2],
    ['a service that comes twice', '-A -t 10.1.0.1:443 -s rr\n-A -t 10.1.0.1:443 -s rr\n', 2],
    ['an error message', "Can't initialize ipvs: Operation not permitted\n", 1],
    ['NUL bytes', '-A -t 10.1.0.1:443 -s rr\0\n', 1],
  ])('%s is reported', (_, text, line) => {
    const { value, problems } = parseIpvsSave(text);
    expect(problems).toMatchObject([{ line }]);
    expect(serversOf(value)).toEqual([]);
  });
});

describe('timeouts', () => {
  it('reads the three values', () => {
    expect(parseIpvsTimeout('Timeout (tcp tcpfin udp): 900 120 300\n')).toEqual({
      value: { tcp: 900, tcpFin: 120, udp: 300, line: 1 },
      problems: [],
    });
  });

  it('reports anything else', () => {
    expect(parseIpvsTimeout("Can't initialize ipvs: Protocol not available\n")).toMatchObject({
      value: undefined,
      problems: [{ line: 1 }],
    });
  });
});

describe('all forms', () => {
  it('take empty text as nothing', () => {
    expect(parseIpvsList('')).toEqual({ value: { services: [] }, problems: [] });
    expect(parseIpvsSave('')).toEqual({ value: { services: [] }, problems: [] });
    expect(parseIpvsTimeout('')).toEqual({ value: undefined, problems: [] });
  });

  it('never throw', () => {
    const line = fc.constantFrom(
      '-A -t 1.2.3.4:5',
      '-a -f',
      'TCP  1.2.3.4:5',
      '  -> [::]:1 Masq',
      'Prot LocalAddress:Port A',
      'FWM',
    );
    const texts = fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(texts, (text) => {
        parseIpvsList(text);
        parseIpvsSave(text);
        parseIpvsTimeout(text);
      }),
    );
  });
});
