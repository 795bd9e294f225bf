import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBridgeFdb, parseBridgeFdbJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-evpn-leaf01.txt', 20, 5],
    ['002-server-self.txt', 9, 0],
    ['003-lab-node.txt', 21, 3],
  ])('%s', (file, entries, withDestination) => {
    const { value, problems } = parseBridgeFdb(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(entries);
    expect(value.filter((entry) => entry.destination !== undefined)).toHaveLength(withDestination);
  });

  it('reads the remote ends of VXLAN devices', () => {
    const entries = parseBridgeFdb(fixture('003-lab-node.txt')).value;
    const destinations = (device: string) =>
      entries.filter((entry) => entry.device === device).map((entry) => entry.destination);
    expect(destinations('flannel.1')).toEqual(['192.168.0.4', '192.168.0.3']);
    expect(destinations('vxlan.calico')).toEqual(['192.168.0.3']);
  });

  it('reads entries of bridges', () => {
    const entries = parseBridgeFdb(fixture('001-evpn-leaf01.txt')).value;
    expect(entries[1]).toEqual({
      line: 2,
      mac: '00:03:00:11:11:01',
      device: 'swp5',
      vlan: 13,
      master: 'bridge',
      flags: [],
    });
    expect(entries[2]).toMatchObject({ vlan: 4001, flags: ['offload'], master: 'bridge' });
    expect(entries[0]).toMatchObject({ state: 'permanent', master: 'bridge' });
  });

  it('reads what a destination has of its own', () => {
    expect(parseBridgeFdb(fixture('lab-fdb.txt')).value).toContainEqual(
      expect.objectContaining({
        destination: '192.168.50.9',
        port: 4790,
        vni: 98,
        via: 'eth0',
        flags: ['self'],
      }),
    );
  });
});

describe('damaged input', () => {
  it.each([
    'not-a-mac dev eth0 self permanent',
    '02:00:00:00:00:01 dev',
    '02:00:00:00:00:01 dev eth0 vlan many self',
    '02:00:00:00:00:01 dev eth0 brandnew 1 self',
  ])('%s is a problem, not an entry', (text) => {
    expect(parseBridgeFdb(text)).toMatchObject({ value: [], problems: [{ line: 1, text }] });
  });

  it('points at JSON elements without an address', () => {
    expect(parseBridgeFdbJson('[{"ifname":"eth0"}]')).toMatchObject({
      value: [],
      problems: [{ pointer: '/0' }],
    });
  });

  it('accepts the older name of the device in JSON', () => {
    expect(
      parseBridgeFdbJson('[{"mac":"02:00:00:00:00:01","dev":"eth0","flags":["self"],"state":"permanent"}]')
        .value,
    ).toEqual([
      { pointer: '/0', mac: '02:00:00:00:00:01', device: 'eth0', flags: ['self'], state: 'permanent' },
    ]);
  });
});
