import { describe, expect, it } from 'vitest';
import { type Fact, formatFact } from '../../fact.ts';
import { factById } from '../../registry.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject } from '../../subjects.ts';

const encoder = new TextEncoder();

async function cluster(files: Readonly<Record<string, unknown>>): Promise<ClusterSubject> {
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, content]) => ({
      path,
      chunks: [encoder.encode(typeof content === 'string' ? content : JSON.stringify(content))],
    })),
  );
  return new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' });
}

async function nodeFact(
  files: Readonly<Record<string, unknown>>,
  id: string,
  of = '',
): Promise<Fact<unknown>> {
  const subject = await cluster(files);
  const definition = factById(id);
  const [node] = subject.nodes;
  if (definition === undefined || node === undefined) throw new Error(`no fact ${id}`);
  return node.fact(definition, of);
}

async function shown(files: Readonly<Record<string, unknown>>, id: string, of = ''): Promise<string> {
  const fact = await nodeFact(files, id, of);
  const definition = factById(id);
  if (fact.state === 'unknown' || definition === undefined) return 'unknown';
  return `${formatFact(definition, fact.value)}${fact.uncertain === undefined ? '' : ' (uncertain)'}`;
}

function daemonSet(container: object, spec: object = {}): object {
  const template = {
    spec: {
      ...spec,
      containers: [{ name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.30.1', ...container }],
    },
  };
  return { items: [{ metadata: { name: 'kube-proxy', namespace: 'kube-system' }, spec: { template } }] };
}

function configMap(name: string, key: string, text: string): object {
  return { items: [{ metadata: { name, namespace: 'kube-system' }, data: { [key]: text } }] };
}

const node = { items: [{ metadata: { name: 'n1' }, status: { nodeInfo: { operatingSystem: 'linux' } } }] };
const ipvsConfig = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n';
const serviceChains = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https"
COMMIT
`;

describe('kube-proxy.mode', () => {
  it.each([
    [
      'the running kube-proxy first',
      {
        'nodes/n1/kube-proxy-mode.txt': 'nftables',
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'nftables',
    ],
    [
      'a flag in one word',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({ command: ['kube-proxy', '--proxy-mode=ipvs'] }),
      },
      'ipvs',
    ],
    [
      'a flag in two words',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({
          command: ['kube-proxy'],
          args: ['--proxy-mode', 'ipvs', '--v=2'],
        }),
      },
      'ipvs',
    ],
    [
      'a flag in a shell line',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({
          command: [
            '/bin/sh',
            '-c',
            'exec kube-proxy --kubeconfig=/x --proxy-mode=ipvs 1>>/var/log/kube-proxy.log 2>&1',
          ],
        }),
      },
      'ipvs',
    ],
    [
      'a flag from the environment',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({
          args: ['--proxy-mode=$(MODE)'],
          env: [{ name: 'MODE', value: 'ipvs' }],
        }),
      },
      'ipvs',
    ],
    [
      'a variable that nobody defines',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({ args: ['--proxy-mode=$(MODE)'] }),
      },
      'unknown',
    ],
    [
      'flags without a mode',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({ args: ['--cluster-cidr=10.0.0.0/8'] }),
      },
      'iptables',
    ],
    [
      'a container that shows no flag',
      { 'cluster/nodes.json': node, 'cluster/daemonsets.apps.json': daemonSet({}) },
      'unknown',
    ],
    [
      'the file instead of the flag beside it',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({
          command: ['kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--proxy-mode=nftables'],
        }),
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'ipvs',
    ],
    [
      'the mounted ConfigMap and key',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet(
          {
            command: ['kube-proxy', '--config=/var/lib/kube-proxy-config/config'],
            volumeMounts: [{ name: 'config', mountPath: '/var/lib/kube-proxy-config/' }],
          },
          {
            volumes: [
              {
                name: 'config',
                configMap: { name: 'kube-proxy-config', items: [{ key: 'settings', path: 'config' }] },
              },
            ],
          },
        ),
        'cluster/configmaps.json': configMap('kube-proxy-config', 'settings', ipvsConfig),
      },
      'ipvs',
    ],
    [
      'a configuration on the disk of the host',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet(
          {
            command: ['kube-proxy', '--config=/etc/kube-proxy/config.conf'],
            volumeMounts: [{ name: 'etc', mountPath: '/etc/kube-proxy' }],
          },
          { volumes: [{ name: 'etc', hostPath: { path: '/etc/kube-proxy' } }] },
        ),
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'unknown',
    ],
    [
      'a ConfigMap alone',
      {
        'cluster/nodes.json': node,
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'ipvs',
    ],
    [
      'a ConfigMap with a hash in its name',
      {
        'cluster/nodes.json': node,
        'cluster/configmaps.json': configMap('kube-proxy-config-abc123', 'config.conf', ipvsConfig),
      },
      'ipvs',
    ],
    [
      'a ConfigMap without a mode',
      {
        'cluster/nodes.json': node,
        'cluster/configmaps.json': configMap(
          'kube-proxy',
          'config.conf',
          'kind: KubeProxyConfiguration\nmode: ""\n',
        ),
      },
      'iptables',
    ],
    [
      'a damaged ConfigMap',
      {
        'cluster/nodes.json': node,
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', 'mode: ipvs\n\tbad: ['),
      },
      'unknown',
    ],
    [
      'other ConfigMaps only',
      { 'cluster/nodes.json': node, 'cluster/configmaps.json': configMap('coredns', 'Corefile', '.:53 {}') },
      'unknown',
    ],
    [
      'a static pod of RKE2',
      {
        'cluster/nodes.json': node,
        'cluster/pods.json': {
          items: [
            {
              metadata: { name: 'kube-proxy-n1', namespace: 'kube-system' },
              spec: {
                nodeName: 'n1',
                containers: [
                  {
                    name: 'kube-proxy',
                    image: 'index.docker.io/rancher/hardened-kubernetes:v1.29.3-rke2r1-build20240315',
                    command: ['kube-proxy'],
                    args: ['--cluster-cidr=10.42.0.0/16', '--proxy-mode=ipvs'],
                  },
                ],
              },
            },
          ],
        },
      },
      'ipvs',
    ],
    [
      'the arguments of K3s',
      {
        'cluster/nodes.json': {
          items: [
            {
              metadata: {
                name: 'n1',
                annotations: {
                  'k3s.io/node-args':
                    '["server","--kube-proxy-arg","proxy-mode=ipvs","--kube-proxy-arg","ipvs-strict-arp=true"]',
                },
              },
              status: {},
            },
          ],
        },
      },
      'ipvs',
    ],
    [
      'K3s without arguments for kube-proxy',
      {
        'cluster/nodes.json': {
          items: [{ metadata: { name: 'n1', annotations: { 'k3s.io/node-args': '["agent"]' } }, status: {} }],
        },
      },
      'iptables',
    ],
    [
      'K3s without its kube-proxy',
      {
        'cluster/nodes.json': {
          items: [
            {
              metadata: {
                name: 'n1',
                annotations: { 'k3s.io/node-args': '["server","--disable-kube-proxy"]' },
              },
              status: {},
            },
          ],
        },
      },
      'unknown',
    ],
    [
      'the journal of K3s',
      {
        'nodes/n1/journal.txt':
          'Nov 19 10:00:00 n1 k3s[812]: time="2026-11-19T10:00:00Z" level=info msg="Running kube-proxy --cluster-cidr=10.42.0.0/16 --hostname-override=n1 --proxy-mode=iptables"\n',
      },
      'iptables',
    ],
    [
      'a Windows node',
      {
        'cluster/nodes.json': {
          items: [{ metadata: { name: 'n1' }, status: { nodeInfo: { operatingSystem: 'windows' } } }],
        },
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'kernelspace',
    ],
    ['rules alone', { 'nodes/n1/iptables-nft-save.txt': serviceChains }, 'iptables'],
    [
      'rules of iptables where ipvs was asked for',
      {
        'nodes/n1/iptables-nft-save.txt': serviceChains,
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'iptables',
    ],
    [
      'rules left over beside those of the mode',
      {
        'nodes/n1/iptables-nft-save.txt': serviceChains,
        'nodes/n1/ip-link.txt':
          '7: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN mode DEFAULT group default\n    link/ether 5e:7e:2b:3d:40:aa brd ff:ff:ff:ff:ff:ff\n',
        'cluster/configmaps.json': configMap('kube-proxy', 'config.conf', ipvsConfig),
      },
      'ipvs',
    ],
    [
      'ipvs before 1.26, which may have fallen back',
      {
        'cluster/nodes.json': node,
        'cluster/daemonsets.apps.json': daemonSet({
          image: 'k8s.gcr.io/kube-proxy:v1.22.4',
          args: ['--proxy-mode=ipvs'],
        }),
      },
      'ipvs (uncertain)',
    ],
    ['nothing', { 'cluster/nodes.json': node }, 'unknown'],
  ])('takes %s', async (_, files, mode) => {
    expect(await shown(files, 'kube-proxy.mode')).toBe(mode);
  });
});

describe('kube-proxy.feature-gate and kube-proxy.setting', () => {
  const flags = {
    'cluster/nodes.json': node,
    'cluster/daemonsets.apps.json': daemonSet({
      args: ['--feature-gates=A=true,B=false', '--feature-gates', 'B=true', '--conntrack-max-per-core=0'],
    }),
  };
  const file = {
    'cluster/nodes.json': node,
    'cluster/configmaps.json': configMap(
      'kube-proxy',
      'config.conf',
      'kind: KubeProxyConfiguration\nfeatureGates: {A: false}\nconntrack: {maxPerCore: 0}\n',
    ),
  };

  it.each([
    [flags, 'A', 'true'],
    [flags, 'B', 'true'],
    [flags, 'C', 'null'],
    [file, 'A', 'false'],
    [file, 'B', 'null'],
  ])('reads gates %#', async (files, gate, value) => {
    expect(await shown(files, 'kube-proxy.feature-gate', gate)).toBe(value);
  });

  it.each([
    [flags, '0'],
    [file, '0'],
  ])('reads settings %#', async (files, value) => {
    expect(await shown(files, 'kube-proxy.setting', 'conntrack.maxPerCore')).toBe(value);
    expect(await shown(files, 'kube-proxy.setting', 'ipvs.tcpTimeout')).toBe('null');
  });
});

describe('kube-proxy.endpoint-differences', () => {
  const service = {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { clusterIP: '10.96.11.12', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  };
  const rules = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-A - [0:0]
:KUBE-SEP-A - [0:0]
-A KUBE-SERVICES -d 10.96.11.12/32 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-A
-A KUBE-SVC-A -m comment --comment "shop/web:http" -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask 255.255.255.255 --rsource -j KUBE-SEP-A
-A KUBE-SVC-A -m comment --comment "shop/web:http -> 10.244.1.7:8080" -j KUBE-SEP-A
-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.244.1.7:8080
COMMIT
`;

  function files(
    endpoints: readonly object[],
    changes: { service?: object; slice?: object; rules?: string } = {},
  ) {
    const labels = { 'kubernetes.io/service-name': 'web' };
    const slice = {
      metadata: { name: 'web-x', namespace: 'shop', labels },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints,
      ...changes.slice,
    };
    return {
      'nodes/n1/iptables-save.txt': changes.rules ?? rules,
      'cluster/services.json': { items: [{ ...service, spec: { ...service.spec, ...changes.service } }] },
      'cluster/endpointslices.discovery.k8s.io.json': { items: [slice] },
    };
  }

  const own = { addresses: ['10.244.1.7'], conditions: { ready: true } };

  it.each([
    ['equal sets', files([own]), 'none'],
    [
      'a ready endpoint without a rule',
      files([own, { addresses: ['10.244.2.9'], conditions: { ready: true } }]),
      'shop/web:http without 10.244.2.9:8080',
    ],
    [
      'no conditions at all, which means ready',
      files([own, { addresses: ['10.244.2.9'] }]),
      'shop/web:http without 10.244.2.9:8080',
    ],
    [
      'a rule to an endpoint that is gone',
      files([{ addresses: ['10.244.2.9'], conditions: { ready: false } }]),
      'shop/web:http still with 10.244.1.7:8080',
    ],
    [
      'an endpoint that is not ready',
      files([own, { addresses: ['10.244.2.9'], conditions: { ready: false } }]),
      'none',
    ],
    [
      'a terminating endpoint that is still used',
      files([{ addresses: ['10.244.1.7'], conditions: { ready: false, serving: true, terminating: true } }]),
      'none',
    ],
    [
      'a terminating endpoint published as ready',
      files([own, { addresses: ['10.244.2.9'], conditions: { ready: true, terminating: true } }]),
      'none',
    ],
    [
      'topology hints',
      files([
        own,
        { addresses: ['10.244.2.9'], conditions: { ready: true }, hints: { forZones: [{ name: 'a' }] } },
      ]),
      'none',
    ],
    [
      'endpoints of the node only',
      files([{ addresses: ['10.244.2.9'] }], { service: { internalTrafficPolicy: 'Local' } }),
      'none',
    ],
    [
      'slices of the other family',
      files([{ addresses: ['fd00::7'] }], { slice: { addressType: 'IPv6' } }),
      'none',
    ],
    [
      'an endpoint on the host network',
      files([own, { addresses: ['192.168.0.2'] }], {
        rules: rules
          .replace(
            'COMMIT',
            '-A KUBE-SVC-A -j KUBE-SEP-B\n-A KUBE-SEP-B -p tcp -m tcp -j DNAT --to-destination 192.168.0.2:8080\nCOMMIT',
          )
          .replace(':KUBE-SEP-A', ':KUBE-SEP-B - [0:0]\n:KUBE-SEP-A'),
      }),
      'none',
    ],
    [
      'a change just before the snapshot',
      files([own, { addresses: ['10.244.2.9'] }], {
        slice: {
          metadata: {
            name: 'web-x',
            namespace: 'shop',
            creationTimestamp: '2026-11-20T11:59:30Z',
            labels: { 'kubernetes.io/service-name': 'web' },
          },
        },
      }),
      'none',
    ],
    [
      'a dump that was cut',
      files([own, { addresses: ['10.244.2.9'] }], { rules: rules.replace('COMMIT\n', '') }),
      'unknown',
    ],
    [
      'a rule that was damaged',
      files([own, { addresses: ['10.244.2.9'] }], { rules: rules.replace('-A KUBE-SEP-A', '?A KUBE-SEP-A') }),
      'unknown',
    ],
  ])('with %s', async (_, evidence, text) => {
    expect(await shown(evidence, 'kube-proxy.endpoint-differences')).toBe(text);
  });
});

describe('kubernetes.flag', () => {
  const pod = (name: string, args: readonly string[]) => ({
    metadata: { name, namespace: 'kube-system' },
    spec: {
      nodeName: name,
      containers: [
        {
          name: 'kube-apiserver',
          image: 'registry.k8s.io/kube-apiserver:v1.30.1',
          command: ['kube-apiserver', ...args],
        },
      ],
    },
  });
  const flag = 'kube-apiserver/enable-admission-plugins';

  it.each([
    [[pod('a', ['--enable-admission-plugins=NodeRestriction'])], 'NodeRestriction'],
    [[pod('a', ['--v=2'])], 'null'],
    [[pod('a', ['--v=2']), pod('b', ['--enable-admission-plugins', 'NodeRestriction'])], 'unknown'],
    [[], 'unknown'],
  ])('reads it where all instances agree %#', async (items, value) => {
    const subject = await cluster({ 'cluster/pods.json': { items } });
    const definition = factById('kubernetes.flag');
    const fact = definition === undefined ? undefined : subject.fact(definition, flag);
    expect(fact?.state === 'known' ? String(fact.value) : 'unknown').toBe(value);
  });
});
