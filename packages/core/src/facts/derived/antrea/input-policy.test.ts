import { describe, expect, it } from 'vitest';
import type { Fact } from '../../fact.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject } from '../../subjects.ts';
import { gatewayAccepted, inputPolicy } from './input-policy.ts';

const CONFIG = [
  {
    metadata: { name: 'antrea-config', namespace: 'kube-system' },
    data: { 'antrea-agent.conf': 'hostGateway: antrea-gw0\n' },
  },
];
const NODES = [{ metadata: { name: 'n1' }, spec: { podCIDRs: ['10.10.1.0/24'] } }];

function dump(policy: string, ...rules: readonly string[]): string {
  return ['*filter', `:INPUT ${policy} [0:0]`, ':OWN - [0:0]', ...rules, 'COMMIT', ''].join('\n');
}

async function accepted(rules: readonly string[], nodes?: unknown): Promise<Fact<unknown> | undefined> {
  const files = {
    'cluster/configmaps.json': JSON.stringify(CONFIG),
    ...(nodes === undefined ? {} : { 'cluster/nodes.json': JSON.stringify(nodes) }),
    'nodes/n1/iptables-legacy-save.txt': dump('DROP', ...rules),
  };
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, text]) => ({ path, chunks: [new TextEncoder().encode(text)] })),
  );
  const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T00:00:00Z' }).nodes;
  expect(node?.fact(inputPolicy, '')).toMatchObject({ state: 'known', value: 'DROP' });
  return node?.fact(gatewayAccepted, '');
}

describe('whether INPUT accepts the gateway', () => {
  it.each([
    [['-A INPUT -i antrea-gw0 -j ACCEPT'], true],
    [['-A INPUT -i antrea+ -m comment --comment "pods" -j ACCEPT'], true],
    [['-A INPUT -j ACCEPT'], true],
    [['-A INPUT -j OWN', '-A OWN -i antrea-gw0 -j ACCEPT'], true],
    [['-A INPUT -i antrea-gw0 -m conntrack --ctstate NEW,RELATED,ESTABLISHED -j ACCEPT'], true],
    [['-A INPUT -s 10.10.0.0/16 -j ACCEPT'], true],
    [['-A INPUT -s 10.10.2.0/24 -j ACCEPT'], false],
    [['-A INPUT -i eth0 -j ACCEPT'], false],
    [['-A INPUT ! -i antrea-gw0 -j ACCEPT'], false],
    [['-A INPUT -i eth0 -j OWN', '-A OWN -j ACCEPT'], false],
    [['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'], false],
    [['-A INPUT -i antrea-gw0 -p tcp -m tcp --dport 22 -j ACCEPT'], false],
    [['-A INPUT -j OWN', '-A OWN -j OWN'], false],
  ] as const)('%j: %s', async (rules, expected) => {
    expect(await accepted(rules, NODES)).toMatchObject({ state: 'known', value: expected });
  });

  it('is open where a source is accepted and the pod range is not known', async () => {
    expect(await accepted(['-A INPUT -s 10.10.0.0/16 -j ACCEPT'])).toMatchObject({ state: 'unknown' });
  });
});
