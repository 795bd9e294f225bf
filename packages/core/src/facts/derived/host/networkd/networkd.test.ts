import { describe, expect, it } from 'vitest';
import type { AnyFactDefinition, Fact } from '../../../fact.ts';
import { loadSnapshot } from '../../../snapshot/load.ts';
import { ClusterSubject } from '../../../subjects.ts';
import { gatewayFile, gatewayHold } from '../../antrea/networkd.ts';
import { networkdActive } from './live.ts';
import { foreignRemoval, systemdVersion } from './settings.ts';

const CONFIG = JSON.stringify([
  {
    metadata: { name: 'antrea-config', namespace: 'kube-system' },
    data: { 'antrea-agent.conf': 'hostGateway: antrea-gw0\n' },
  },
]);
const UNMANAGED = '[Match]\nName=antrea-gw0\n[Link]\nUnmanaged=yes\n';

async function factOf(
  definition: AnyFactDefinition,
  files: Readonly<Record<string, string>>,
): Promise<Fact<unknown> | undefined> {
  const all = { 'cluster/configmaps.json': CONFIG, ...files };
  const snapshot = await loadSnapshot(
    Object.entries(all).map(([path, text]) => ({ path, chunks: [new TextEncoder().encode(text)] })),
  );
  const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T00:00:00Z' }).nodes;
  return node?.fact(definition, '');
}

describe('the file of the gateway', () => {
  it('is the first by name, whatever comes later', async () => {
    const fact = await factOf(gatewayFile, {
      'nodes/n1/systemd-networkd/00-all.network': '[Match]\nName=*\n',
      'nodes/n1/systemd-networkd/90-antrea.network': UNMANAGED,
    });
    expect(fact).toMatchObject({
      state: 'known',
      value: { file: '00-all.network', unmanaged: false, keeps: false },
    });
  });

  it('is not known where an earlier file cannot be judged and would change the answer', async () => {
    const fact = await factOf(gatewayFile, {
      'nodes/n1/systemd-networkd/00-host.network': '[Match]\nHost=node-1\n',
      'nodes/n1/systemd-networkd/90-antrea.network': UNMANAGED,
    });
    expect(fact).toMatchObject({ state: 'unknown' });
  });

  it('passes over masked files', async () => {
    const fact = await factOf(gatewayFile, {
      'nodes/n1/systemd-networkd/00-all.network': '',
      'nodes/n1/systemd-networkd/90-antrea.network': UNMANAGED,
    });
    expect(fact).toMatchObject({ value: { file: '90-antrea.network', unmanaged: true } });
  });

  it('is doubtful where [Match] says nothing and the release of systemd is not known to accept it', async () => {
    const fact = await factOf(gatewayFile, {
      'nodes/n1/systemd-networkd/zz-default.network': '[Network]\nDHCP=yes\n',
    });
    expect(fact).toMatchObject({ state: 'known', uncertain: expect.any(String) });
  });
});

describe('what networkd does with the gateway', () => {
  it('is nothing while it does not run', async () => {
    const fact = await factOf(gatewayHold, {
      'nodes/n1/networkctl.txt': 'IDX LINK TYPE OPERATIONAL SETUP\n  5 antrea-gw0 ether n/a unmanaged\n',
      'nodes/n1/systemd-networkd/00-all.network': '[Match]\nName=*\n',
    });
    expect(fact).toMatchObject({ state: 'known', value: 'none' });
  });

  it('is what it says itself, before its files', async () => {
    const fact = await factOf(gatewayHold, {
      'nodes/n1/networkctl.txt': 'IDX LINK TYPE OPERATIONAL SETUP\n  5 antrea-gw0 ether routable unmanaged\n',
      'nodes/n1/systemd-networkd/00-all.network': '[Match]\nName=*\n',
    });
    expect(fact).toMatchObject({ state: 'known', value: 'none' });
  });

  it.each(['pending', 'initialized'])('is left to the files while it is %s', async (setup) => {
    const fact = await factOf(gatewayHold, {
      'nodes/n1/networkctl.txt': `IDX LINK TYPE OPERATIONAL SETUP\n  5 antrea-gw0 ether routable ${setup}\n`,
      'nodes/n1/systemd-networkd/00-all.network': '[Match]\nName=*\n',
    });
    expect(fact).toMatchObject({ state: 'known', value: 'managed' });
  });
});

describe('whether networkd runs', () => {
  it.each([
    ['systemd-networkd.service loaded active running Network Configuration\n', true],
    ['NetworkManager.service loaded active running Network Manager\n', false],
  ])('%s', async (units, expected) => {
    expect(await factOf(networkdActive, { 'nodes/n1/units.txt': units })).toMatchObject({ value: expected });
  });

  it('is not known from nothing', async () => {
    expect(await factOf(networkdActive, { 'nodes/n1/uname.txt': '6.1.0' })).toMatchObject({
      state: 'unknown',
    });
  });
});

describe('foreign routes and rules', () => {
  const running = 'systemd-networkd.service loaded active running Network Configuration\n';
  const says = (version: string) =>
    `Mar 17 10:00:00 n1 systemd[1]: systemd ${version} running in system mode\n`;

  it.each([
    ['227-1', '[Network]\n', 'nothing'],
    ['245.4-4ubuntu3', '[Network]\n', 'routes'],
    ['246.1-1', '[Network]\nManageForeignRoutes=no\n', 'kept'],
    ['248.3-1', '[Network]\nManageForeignRoutes=no\n', 'rules'],
    ['249.4-1', '[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n', 'rules'],
    ['249.5-1', '[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n', 'kept'],
    ['252.5-1', '[Network]\n', 'routes and rules'],
  ])('systemd %s with %j: %s', async (version, settings, expected) => {
    const fact = await factOf(foreignRemoval, {
      'nodes/n1/units.txt': running,
      'nodes/n1/journal.txt': says(version),
      'nodes/n1/systemd-networkd/networkd.conf': settings,
    });
    expect(fact).toMatchObject({ state: 'known', value: expected });
  });

  it('takes the release of systemd from the distribution where nothing else tells', async () => {
    const fact = await factOf(systemdVersion, {
      'nodes/n1/os-release.txt': 'ID=ubuntu\nVERSION_ID="22.04"\n',
    });
    expect(fact).toMatchObject({ state: 'known', value: '249.11' });
  });
});
