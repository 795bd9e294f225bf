import { describe, expect, it } from 'vitest';
import type { AnyFactDefinition, Fact } from '../../fact.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject } from '../../subjects.ts';
import { encryption, multicast } from './features.ts';
import { gateway } from './gateway.ts';
import { inRange } from './ipv4-range.ts';
import { agentSetting } from './setting.ts';

function configMap(name: string, conf: string): object {
  return { metadata: { name, namespace: 'kube-system' }, data: { 'antrea-agent.conf': conf } };
}

function agents(tag: string, config: string): object {
  return {
    metadata: { name: 'antrea-agent', namespace: 'kube-system' },
    spec: {
      template: {
        spec: {
          containers: [{ name: 'antrea-agent', image: `antrea/antrea-ubuntu:${tag}` }],
          volumes: [{ name: 'antrea-config', configMap: { name: config } }],
        },
      },
    },
  };
}

async function factOf(
  definition: AnyFactDefinition,
  files: Readonly<Record<string, unknown>>,
  parameter = '',
): Promise<Fact<unknown> | undefined> {
  const snapshot = await loadSnapshot(
    Object.entries({ 'nodes/n1/uname.txt': '6.1.0', ...files }).map(([path, content]) => ({
      path,
      chunks: [new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content))],
    })),
  );
  const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T00:00:00Z' }).nodes;
  return node?.reader().fact(definition, parameter);
}

describe('settings of the agent', () => {
  it('come from the ConfigMap that the DaemonSet mounts', async () => {
    const fact = await factOf(gateway, {
      'cluster/daemonsets.apps.json': [agents('v1.9.0', 'antrea-config-h8bk2m6t4f')],
      'cluster/configmaps.json': [
        configMap('antrea-config-58bgk4t8mc', 'hostGateway: old0'),
        configMap('antrea-config-h8bk2m6t4f', 'hostGateway: ant0'),
      ],
    });
    expect(fact).toMatchObject({ state: 'known', value: 'ant0' });
  });

  it('are not known where two ConfigMaps differ and nothing tells which one counts', async () => {
    const fact = await factOf(gateway, {
      'cluster/configmaps.json': [
        configMap('antrea-config-58bgk4t8mc', 'hostGateway: old0'),
        configMap('antrea-config-h8bk2m6t4f', 'hostGateway: ant0'),
      ],
    });
    expect(fact).toMatchObject({ state: 'unknown' });
  });

  it.each([
    ['trafficEncapMode', 'trafficEncapMode: networkPolicyOnly', 'networkpolicyonly'],
    ['trafficEncapMode', '#trafficEncapMode: noEncap\novsBridge: br-int', 'encap'],
    ['tunnelType', 'tunnelType: ""', 'geneve'],
    ['antreaProxy.proxyAll', 'antreaProxy:\n  proxyAll: true', 'true'],
  ])('%s of %j is %s', async (path, conf, expected) => {
    const files = { 'cluster/configmaps.json': [configMap('antrea-config', conf)] };
    expect(await factOf(agentSetting, files, path)).toMatchObject({ value: expected });
  });

  it('have no default where the configuration was not read', async () => {
    expect(await factOf(agentSetting, {}, 'tunnelType')).toMatchObject({ state: 'unknown' });
  });
});

describe('features', () => {
  it.each([
    ['v1.11.0', 'featureGates:\n  Multicast: true', true],
    ['v1.12.0', 'featureGates:\n  Multicast: true', false],
    ['v1.12.0', 'featureGates:\n  Multicast: true\nmulticast:\n  enable: true', true],
    ['v1.12.0', 'featureGates:\n  Multicast: false\nmulticast:\n  enable: true', false],
    ['v1.12.0', 'ovsBridge: br-int', false],
  ])('multicast of %s with %j: %s', async (tag, conf, expected) => {
    const fact = await factOf(multicast, {
      'cluster/daemonsets.apps.json': [agents(tag, 'antrea-config')],
      'cluster/configmaps.json': [configMap('antrea-config', conf)],
    });
    expect(fact).toMatchObject({ state: 'known', value: expected });
  });

  it.each([
    ['enableIPSecTunnel: true', 'ipsec'],
    ['trafficEncryptionMode: wireGuard', 'wireguard'],
    ['ovsBridge: br-int', 'none'],
  ])('encryption with %j is %s', async (conf, expected) => {
    const files = { 'cluster/configmaps.json': [configMap('antrea-config', conf)] };
    expect(await factOf(encryption, files)).toMatchObject({ value: expected });
  });
});

describe('inRange', () => {
  it.each([
    ['10.10.1.0/24', '10.10.1.1', true],
    ['10.10.1.0/24', '10.10.2.1', false],
    ['0.0.0.0/0', '10.10.2.1', true],
    ['10.10.1.0', '10.10.1.0', true],
    ['nonsense', '10.10.1.0', false],
    ['10.10.1.0/99', '10.10.1.0', false],
  ])('%s %s: %s', (range, address, expected) => {
    expect(inRange(range, address)).toBe(expected);
  });
});
