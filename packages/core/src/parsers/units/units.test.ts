import { expect, it } from 'vitest';
import { parseUnits } from './index.ts';

const TEXT = `\
  containerd.service                 loaded    active   running containerd container runtime
● firewalld.service                  not-found inactive dead    firewalld.service
* NetworkManager.service             loaded    failed   failed  Network Manager
  system-getty.slice                 loaded    active   active  Slice /system/getty
  sys-devices-virtual-net-eth0.device loaded   active   plugged /sys/devices/virtual/net/eth0
  nftables.service                   masked    inactive dead    nftables.service
`;

it('reads the rows of systemctl', () => {
  const { value, problems } = parseUnits(TEXT);
  expect(problems).toEqual([]);
  expect([...value]).toEqual([
    ['containerd.service', { load: 'loaded', active: 'active', sub: 'running', line: 1 }],
    ['firewalld.service', { load: 'not-found', active: 'inactive', sub: 'dead', line: 2 }],
    ['NetworkManager.service', { load: 'loaded', active: 'failed', sub: 'failed', line: 3 }],
    ['system-getty.slice', { load: 'loaded', active: 'active', sub: 'active', line: 4 }],
    ['sys-devices-virtual-net-eth0.device', { load: 'loaded', active: 'active', sub: 'plugged', line: 5 }],
    ['nftables.service', { load: 'masked', active: 'inactive', sub: 'dead', line: 6 }],
  ]);
});

it('leaves out the legend', () => {
  const legend = `\
  UNIT LOAD ACTIVE SUB DESCRIPTION
  ssh.service loaded active running OpenBSD Secure Shell server

LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
1 loaded units listed.
To show all installed unit files use 'systemctl list-unit-files'.
`;
  const { value, problems } = parseUnits(legend);
  expect(problems).toEqual([]);
  expect([...value.keys()]).toEqual(['ssh.service']);
});

it.each([
  "System has not been booted with systemd as init system (PID 1). Can't operate.",
  'Failed to connect to bus: Host is down',
  'ssh.service loaded',
  'ssh loaded active running',
  'ssh.service loaded alive running',
  'ssh.service loaded active running \0',
])('reports %j', (line) => {
  const { value, problems } = parseUnits(line);
  expect(value.size).toBe(0);
  expect(problems).toMatchObject([{ line: 1 }]);
});
