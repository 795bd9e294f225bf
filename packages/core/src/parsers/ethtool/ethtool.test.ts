import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEthtoolDriver, parseEthtoolFeatures, parseEthtoolStats } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('ethtool -k', () => {
  it.each([
    ['features/001-bond0.txt', 'bond0', 34],
    ['features/002-ohai.txt', 'eth0', 4],
    ['features/003-lab-vxlan-calico.txt', 'vxlan.calico', 63],
    ['features/lab-eth0.txt', 'eth0', 63],
    ['features/lab-cni0.txt', 'cni0', 63],
  ])('%s', (file, device, features) => {
    const { value, problems } = parseEthtoolFeatures(fixture(file));
    expect(problems).toEqual([]);
    expect(value.device).toBe(device);
    expect(value.features.size).toBe(features);
  });

  it('reads what is on, fixed, requested, and part of a group', () => {
    const { features } = parseEthtoolFeatures(fixture('features/001-bond0.txt')).value;
    expect(features.get('rx-checksumming')).toEqual({
      line: 2,
      name: 'rx-checksumming',
      on: false,
      fixed: true,
      depth: 0,
    });
    expect(features.get('tx-checksum-unneeded')).toMatchObject({ line: 5, on: true, fixed: true, depth: 1 });
    expect(features.get('generic-segmentation-offload')).toEqual({
      line: 18,
      name: 'generic-segmentation-offload',
      on: false,
      fixed: false,
      requested: true,
      depth: 0,
    });
  });

  it('finds the checksum offload of a VXLAN device', () => {
    const { features } = parseEthtoolFeatures(fixture('features/003-lab-vxlan-calico.txt')).value;
    expect(features.get('tx-checksum-ip-generic')).toEqual({
      line: 5,
      name: 'tx-checksum-ip-generic',
      on: true,
      fixed: false,
      depth: 1,
    });
  });

  it.each([
    'Cannot get device feature names: No such device',
    'netlink error: no device matches name (offset 24)',
    'tx-checksumming: maybe',
    'bash: ethtool: command not found',
  ])('%s is a problem', (text) => {
    const { value, problems } = parseEthtoolFeatures(text);
    expect(value.features.size).toBe(0);
    expect(problems).toMatchObject([{ line: 1, text }]);
  });

  it('keeps the first of two devices apart from the second', () => {
    const text = 'Features for a:\nrx-all: on\nFeatures for b:\nrx-all: off\n';
    const { value, problems } = parseEthtoolFeatures(text);
    expect(value.device).toBe('a');
    expect(value.features.get('rx-all')).toMatchObject({ on: true });
    expect(problems.map((problem) => problem.line)).toEqual([3, 4]);
  });
});

describe('ethtool -S', () => {
  it.each([
    ['stats/001-success.txt', 82],
    ['stats/002-node-exporter-eth0.txt', 16],
    ['stats/003-doc.txt', 13],
    ['stats/lab-eth0.txt', 10],
  ])('%s', (file, counters) => {
    const { value, problems } = parseEthtoolStats(fixture(file));
    expect(problems).toEqual([]);
    expect(value.size).toBe(counters);
  });

  it('reads names with dots, spaces and queue numbers', () => {
    const stats = parseEthtoolStats(fixture('stats/002-node-exporter-eth0.txt')).value;
    expect(stats.get('port.rx_dropped')).toEqual({ value: 12028, line: 7 });
    expect(stats.get('duplicate metric')?.value).toBe(1);
    expect(
      parseEthtoolStats('NIC statistics:\n     [0]: tx_bytes: 12\n').value.get('[0]: tx_bytes')?.value,
    ).toBe(12);
  });

  it('knows devices that keep no counters', () => {
    expect(parseEthtoolStats('no stats available\n')).toEqual({ value: new Map(), problems: [] });
  });

  it('reports a counter that comes twice', () => {
    const { value, problems } = parseEthtoolStats('NIC statistics:\n a: 1\n a: 2\n b: -3\n');
    expect([...value]).toEqual([['a', { value: 1, line: 2 }]]);
    expect(problems.map((problem) => problem.line)).toEqual([3, 4]);
  });
});

describe('ethtool -i', () => {
  it.each([
    ['driver/001-virtio.txt', 'virtio_net', 9],
    ['driver/002-node-exporter.txt', 'e1000e', 10],
    ['driver/003-lab-vxlan.txt', 'vxlan', 10],
    ['driver/lab-cni0.txt', 'bridge', 10],
  ])('%s', (file, driver, lines) => {
    const { value, problems } = parseEthtoolDriver(fixture(file));
    expect(problems).toEqual([]);
    expect(value.driver).toBe(driver);
    expect(value.fields.size).toBe(lines);
  });

  it('tells empty from named values', () => {
    const { value } = parseEthtoolDriver(fixture('driver/001-virtio.txt'));
    expect(value).toMatchObject({ version: '1.0.0', busInfo: '0000:00:03.0' });
    expect(value.firmwareVersion).toBeUndefined();
    expect(value.fields.get('firmware-version')).toEqual({ value: '', line: 3 });
    expect(value.fields.get('supports-statistics')?.value).toBe('no');
  });

  it('takes no error message for a driver', () => {
    const text = 'Cannot get driver information: No such device';
    expect(parseEthtoolDriver(text)).toEqual({
      value: { fields: new Map() },
      problems: [{ line: 1, reason: 'expected a line such as "driver: veth"', text }],
    });
  });
});
