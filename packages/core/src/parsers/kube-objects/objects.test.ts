import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KubeObjects, parseKubeObjects, parseKubeYaml, readKubeItem } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function fromJson(name: string): KubeObjects {
  const { value, problems } = parseKubeObjects(JSON.parse(fixture(name)));
  expect(problems).toEqual([]);
  return value;
}

function fromYaml(name: string): KubeObjects {
  const { value, problems } = parseKubeYaml(fixture(name));
  expect(problems).toEqual([]);
  return value;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}
interface Workload {
  readonly spec: { readonly template: { readonly spec: Record<string, readonly Container[] | undefined> } };
}

function containersOf(object: unknown): readonly Container[] {
  const { spec } = (object as Workload).spec.template;
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
}

describe('real DaemonSets', () => {
  const calico = (version: string) => ({
    'calico-node': `docker.io/calico/node:${version}`,
    'upgrade-ipam': `docker.io/calico/cni:${version}`,
    'install-cni': `docker.io/calico/cni:${version}`,
    'mount-bpffs': `docker.io/calico/node:${version}`,
  });
  const antrea = (image: string) => ({ 'antrea-agent': image, 'antrea-ovs': image, 'install-cni': image });

  it.each([
    ['001-calico-node-v3.24.5.yaml', 'calico-node', calico('v3.24.5')],
    ['002-calico-node-v3.28.2.yaml', 'calico-node', calico('v3.28.2')],
    ['003-calico-vxlan-v3.27.2.yaml', 'calico-node', calico('v3.27.2')],
    ['004-antrea-agent-v1.9.0.yaml', 'antrea-agent', antrea('antrea/antrea-ubuntu:latest')],
    ['005-antrea-agent-v2.0.0.yaml', 'antrea-agent', antrea('antrea/antrea-agent-ubuntu:latest')],
    ['006-antrea-agent-v1.13.3.yaml', 'antrea-agent', antrea('antrea/antrea-ubuntu:latest')],
    [
      '007-flannel-v0.22.1.yaml',
      'kube-flannel-ds',
      {
        'kube-flannel': 'docker.io/flannel/flannel:v0.22.1',
        'install-cni-plugin': 'docker.io/flannel/flannel-cni-plugin:v1.2.0',
        'install-cni': 'docker.io/flannel/flannel:v0.22.1',
      },
    ],
  ])('%s', (file, name, images) => {
    const { kind, items } = fromYaml(`k8s-daemonset/${file}`);
    expect(kind).toBe('DaemonSet');
    expect(items).toMatchObject([
      { pointer: '', object: { kind: 'DaemonSet', apiVersion: 'apps/v1', metadata: { name } } },
    ]);
    expect(
      Object.fromEntries(
        containersOf(items[0]?.object).map((container) => [container.name, container.image]),
      ),
    ).toEqual(images);
  });

  it.each([
    ['001-calico-node-v3.24.5.yaml', 'Always', 'Never'],
    ['002-calico-node-v3.28.2.yaml', 'Always', 'Never'],
    ['003-calico-vxlan-v3.27.2.yaml', 'Never', 'CrossSubnet'],
  ])('reads the environment of %s', (file, ipip, vxlan) => {
    const containers = containersOf(fromYaml(`k8s-daemonset/${file}`).items[0]?.object);
    const env = containers.find(({ name }) => name === 'calico-node')?.env ?? [];
    expect(Object.fromEntries(env.map(({ name, value }) => [name, value]))).toMatchObject({
      CLUSTER_TYPE: 'k8s,bgp',
      IP: 'autodetect',
      CALICO_IPV4POOL_IPIP: ipip,
      CALICO_IPV4POOL_VXLAN: vxlan,
      FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT',
      FELIX_IPV6SUPPORT: 'false',
      FELIX_HEALTHENABLED: 'true',
    });
  });
});

describe('real nodes', () => {
  const INFO = [
    'osImage',
    'kernelVersion',
    'containerRuntimeVersion',
    'kubeletVersion',
    'architecture',
  ] as const;
  const infoOf = ({ items }: KubeObjects) =>
    items.map(({ object }) => {
      const { status } = object as { status?: { nodeInfo?: Record<string, unknown> } | null };
      return INFO.map((name) => status?.nodeInfo?.[name] ?? null).join(' | ');
    });
  const debian = 'Debian GNU/Linux 10 (buster) | 4.19.0-11-amd64 | docker://19.3.13 | v1.19.3 | amd64';
  const orbstack =
    'Ubuntu 20.10 | 6.5.10-orbstack-00110-gbcfe04c86d2f | containerd://1.5.1 | v1.21.1 | arm64';

  it('reads a NodeList', () => {
    const nodes = fromJson('k8s-nodes/001-troubleshoot.json');
    expect(nodes.kind).toBe('NodeList');
    expect(infoOf(nodes)).toEqual([
      'Ubuntu 18.04.2 LTS | 5.0.0-1021-gcp | containerd://1.2.5 | v1.16.2 | amd64',
      ...Array.from({ length: 5 }, () => debian),
      'Ubuntu 22.04.5 LTS | 6.8.0-1015-aws | containerd://1.6.33 | v1.29.11 | x86_64',
    ]);
  });

  it('reads a single node that does not state its kind', () => {
    const nodes = fromJson('k8s-nodes/002-rhcos-master-2021.json');
    expect(nodes).toMatchObject({ items: [{ pointer: '' }] });
    expect(infoOf(nodes)).toEqual([
      'Red Hat Enterprise Linux CoreOS 47.83.202106032343-0 (Ootpa) | 4.18.0-240.22.1.el8_3.x86_64 | cri-o://1.20.3-2.rhaos4.7.gitb53fa9d.el8 | v1.20.0+2817867 | amd64',
    ]);
  });

  it('reads a YAML List with nodes that have no status', () => {
    const nodes = fromYaml('k8s-nodes/003-popeye-orbstack.yaml');
    const empty = Array.from({ length: 5 }, () => '').join(' | ');
    expect(nodes).toMatchObject({ kind: 'List', apiVersion: 'v1' });
    expect(infoOf(nodes)).toEqual([orbstack, orbstack, empty, empty, empty]);
    expect(nodes.items[0]).toMatchObject({ pointer: '/items/0', line: 4 });
  });
});

it('reads a real List of Services', () => {
  const { items } = fromYaml('k8s-services/001-kube-router.yaml');
  expect(items.map(({ object }) => (object as { metadata: { name: string } }).metadata.name)).toEqual([
    'blank-service',
    'kubernetes',
    'my-service',
    'netcat-server',
    'whoami',
    'kube-dns',
  ]);
  expect(items.every(({ object }) => object.kind === 'Service')).toBe(true);
});

it('reads the typed lists of a support bundle and fills in kind and version', () => {
  const namespaces = fromJson('support-bundle/001-namespaces.json');
  expect(namespaces).toMatchObject({ kind: 'NamespaceList', apiVersion: 'v1' });
  expect(namespaces.items[0]?.object).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } });
  const deployments = fromJson('support-bundle/002-deployments-kube-system.json');
  expect(deployments.items.map(({ object }) => [object.kind, object.apiVersion])).toEqual(
    deployments.items.map(() => ['Deployment', 'apps/v1']),
  );
  expect(deployments.items[0]?.object).toMatchObject({ metadata: { name: 'coredns' } });
});

describe('forms', () => {
  const a = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' } };
  const b = { metadata: { name: 'b' } };

  it.each([
    [
      'a List',
      { kind: 'List', apiVersion: 'v1', items: [a, b] },
      ['/items/0', '/items/1'],
      ['Pod', undefined],
    ],
    [
      'a typed list',
      { kind: 'PodList', apiVersion: 'v1', items: [a, b] },
      ['/items/0', '/items/1'],
      ['Pod', 'Pod'],
    ],
    ['an empty list', { kind: 'PodList', apiVersion: 'v1', items: [] }, [], []],
    ['a list that Go wrote as null', { kind: 'PodList', items: null }, [], []],
    ['a bare array', [a, b], ['/0', '/1'], ['Pod', undefined]],
    ['a single object', a, [''], ['Pod']],
    ['an object without kind', b, [''], [undefined]],
    [
      'a custom kind that ends in List',
      { kind: 'AllowList', metadata: { name: 'x' }, items: [1] },
      [''],
      ['AllowList'],
    ],
    ['a map of objects', { 'x/y~': a, z: b }, ['/x~1y~0', '/z'], ['Pod', undefined]],
    ['a map in place of items', { kind: 'PodList', items: { p: b } }, ['/items/p'], ['Pod']],
    [
      'a map of lists',
      { default: { kind: 'PodList', items: [b] }, x: [a] },
      ['/default/items/0', '/x/0'],
      ['Pod', 'Pod'],
    ],
    [
      'pages in an array',
      [
        { kind: 'PodList', items: [b] },
        { kind: 'PodList', items: [] },
      ],
      ['/0/items/0'],
      ['Pod'],
    ],
  ])('accepts %s', (_name, document, pointers, kinds) => {
    const { value, problems } = parseKubeObjects(document);
    expect(problems).toEqual([]);
    expect(value.items.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(value.items.map(({ object }) => object.kind)).toEqual(kinds);
  });

  it.each([
    ['null', null, ''],
    ['a number', 1, ''],
    ['a text', 'Error from server (Forbidden)', ''],
    ['an empty object', {}, ''],
    ['some other object', { error: 'x' }, ''],
    ['a list without items', { kind: 'PodList', apiVersion: 'v1' }, ''],
    ['a refusal', { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'forbidden' }, ''],
    ['an element that is no object', { kind: 'List', items: [null] }, '/items/0'],
    ['a list inside a list of damage', [[1]], '/0'],
  ])('reports %s', (_name, document, pointer) => {
    const { value, problems } = parseKubeObjects(document);
    expect(value.items).toEqual([]);
    expect(problems).toMatchObject([{ pointer }]);
  });

  it('keeps the good elements of a damaged list', () => {
    const { value, problems } = parseKubeObjects({ kind: 'PodList', items: [a, 1, b] });
    expect(value.items.map(({ pointer }) => pointer)).toEqual(['/items/0', '/items/2']);
    expect(problems).toMatchObject([{ pointer: '/items/1' }]);
  });

  it('never throws', () => {
    const name = fc.constantFrom('kind', 'items', 'metadata', 'name', 'x');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, 1, 'Pod', 'List', 'PodList', 'Status'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (document) => {
        const { items } = parseKubeObjects(document).value;
        expect(items.every(({ object }) => typeof object === 'object' && !Array.isArray(object))).toBe(true);
      }),
    );
  });

  it.each([
    ['arrays', '[', ']'],
    ['lists', '{"items":[', ']}'],
    ['maps', '{"items":{"a":', '}}'],
    ['objects', '{"kind":"List","a":', '}'],
  ])('is not confused by %s that go very deep', (_name, open, close) => {
    const { value } = parseKubeObjects(JSON.parse(`${open.repeat(50_000)}1${close.repeat(50_000)}`));
    expect(value.items).toEqual([]);
  });
});

it('reads one element of a list that was split', () => {
  const list = { kind: 'NodeList', apiVersion: 'v1' };
  expect(readKubeItem({ metadata: { name: 'n1' } }, '/items/0', list)).toEqual({
    value: [{ pointer: '/items/0', object: { kind: 'Node', apiVersion: 'v1', metadata: { name: 'n1' } } }],
    problems: [],
  });
  expect(readKubeItem(1, '/items/1', list)).toMatchObject({ value: [], problems: [{ pointer: '/items/1' }] });
  const damaged = JSON.parse('{ "kind": 5, "apiVersion": {} }');
  expect(readKubeItem({ metadata: { name: 'n1' } }, '/items/0', damaged)).toEqual({
    value: [{ pointer: '/items/0', object: { metadata: { name: 'n1' } } }],
    problems: [],
  });
});

it('reads YAML of several documents with their lines', () => {
  const text = 'kind: A\nmetadata: {name: a}\n---\nkind: BList\nitems:\n- metadata: {name: b}\n- 1\n';
  const { value, problems } = parseKubeYaml(text);
  expect(value.items).toMatchObject([
    { pointer: '', line: 1, object: { kind: 'A' } },
    { pointer: '/items/0', line: 6, object: { kind: 'B' } },
  ]);
  expect(problems).toMatchObject([{ pointer: '/items/1', line: 7 }]);
});
