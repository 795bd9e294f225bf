import { describe, expect, it } from 'vitest';
import { parseNetworkdFile } from '../../../../parsers/networkd/index.ts';
import { fitsGlob } from './glob.ts';
import { type MatchedLink, selects } from './match.ts';

const GATEWAY: MatchedLink = {
  names: ['antrea-gw0'],
  driver: 'openvswitch',
  type: 'ether',
  mac: '0e:6d:42:66:92:46',
};

function match(...lines: readonly string[]): ReturnType<typeof selects> {
  return selects(parseNetworkdFile(['[Match]', ...lines].join('\n')).value, GATEWAY);
}

describe('selects', () => {
  it.each([
    [['Name=*'], true],
    [['Name=antrea-gw0 ovs-system', 'Driver=openvswitch'], true],
    [['Name=antrea-*'], true],
    [['Name=e*'], false],
    [['Name=!antrea-* ovs-*'], false],
    [['Name=!e*'], true],
    [['Name=*', 'Type=!loopback bridge tunnel vxlan wireguard', 'Driver=!veth dummy'], true],
    [['Driver=veth'], false],
    [['Kind=openvswitch'], true],
    [['Type=ether'], true],
    [['MACAddress=0E-6D-42-66-92-46'], true],
    [['Path=pci-*'], false],
    [['Name=e*', 'Name=antrea-gw0'], true],
    [['Name=e*', 'Name='], true],
    [['Host=node-1'], undefined],
    [['Host=node-1', 'Driver=mlx5_core'], false],
  ] as const)('%j: %s', (lines, expected) => {
    expect(match(...lines)).toBe(expected);
  });

  it('needs no name where everything fits', () => {
    const { value } = parseNetworkdFile('[Match]\nName=*\n');
    expect(selects(value, { ...GATEWAY, names: undefined })).toBe(true);
  });

  it('cannot tell a pattern without the name', () => {
    const { value } = parseNetworkdFile('[Match]\nName=antrea-*\n');
    expect(selects(value, { ...GATEWAY, names: undefined })).toBeUndefined();
  });
});

describe('fitsGlob', () => {
  it.each([
    ['eth[0-9]*', 'eth12', true],
    ['eth[!0-9]', 'eth1', false],
    ['genev_sys_*', 'genev_sys_6081', true],
    ['vxlan?calico', 'vxlan.calico', true],
    ['vxlan.calico', 'vxlan-calico', false],
    ['eth[', 'eth[', true],
    ['eth[9-0]', 'eth5', false],
  ])('%s %s: %s', (pattern, text, expected) => {
    expect(fitsGlob(pattern, text)).toBe(expected);
  });
});
