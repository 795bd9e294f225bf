import { describe, expect, it } from 'vitest';
import { load, open, read } from '../../../../test/support/read-source.ts';
import { tarOf } from '../../../../test/support/tar.ts';

const namespaces = JSON.stringify({
  kind: 'NamespaceList',
  apiVersion: 'v1',
  items: [{ metadata: { name: 'default' } }, { metadata: { name: 'kube-system' } }],
});
const podList = (name: string, namespace: string): string =>
  JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name, namespace } }] });

const bundle = {
  'support-bundle-2026/version.yaml': 'apiVersion: troubleshoot.sh/v1beta2\n',
  'support-bundle-2026/cluster-info/cluster_version.json':
    '{"info":{"gitVersion":"v1.27.3"},"string":"v1.27.3"}',
  'support-bundle-2026/cluster-resources/nodes.json':
    '{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"n1"}}]}',
  'support-bundle-2026/cluster-resources/pods/default.json': podList('web', 'default'),
  'support-bundle-2026/cluster-resources/pods/kube-system.json': podList('dns', 'kube-system'),
  'support-bundle-2026/cluster-resources/pods-errors.json': '["x"]',
  'support-bundle-2026/cluster-resources/daemonsets/kube-system.json':
    '{"kind":"DaemonSetList","apiVersion":"apps/v1","items":[]}',
  'support-bundle-2026/cluster-resources/namespaces.json': namespaces,
  'support-bundle-2026/cluster-resources/custom-resources/ippools.crd.projectcalico.org.yaml':
    '- apiVersion: crd.projectcalico.org/v1\n  kind: IPPool\n  metadata:\n    name: pool\n',
  'support-bundle-2026/cluster-resources/custom-resources/networkpolicies.crd.projectcalico.org/default.yaml':
    '- apiVersion: crd.projectcalico.org/v1\n  kind: NetworkPolicy\n  metadata:\n    name: a\n',
  'support-bundle-2026/cluster-resources/custom-resources/networkpolicies.crd.projectcalico.org/default.json':
    '[{"metadata":{"name":"a"}}]',
  'support-bundle-2026/cluster-resources/pods/logs/kube-system/dns/coredns.log': 'one\n',
  'support-bundle-2026/cluster-resources/pods/logs/kube-system/dns/coredns-previous.log': 'before\n',
};

it('is read into our layout, and evidence shows its own paths', async () => {
  const found = await read(tarOf(bundle));
  expect(found).toMatchObject({
    kind: 'support-bundle',
    title: 'troubleshoot.sh support bundle',
    problems: [],
    damages: {},
  });
  expect(found.files['cluster/version.json']).toBe('{"gitVersion":"v1.27.3"}');
  const snapshot = await load(tarOf(bundle));
  expect(snapshot.objects.get('pods')).toMatchObject({
    complete: true,
    items: [{ object: { kind: 'Pod' }, file: 'support-bundle-2026/cluster-resources/pods/default.json' }, {}],
  });
  expect(snapshot.objects.get('nodes')).toMatchObject({ complete: true, items: [{}] });
  expect(snapshot.objects.get('ippools.crd.projectcalico.org')).toMatchObject({
    complete: true,
    items: [{}],
  });
  expect(snapshot.objects.get('networkpolicies.crd.projectcalico.org')?.items).toHaveLength(1);
  expect(snapshot.logs).toMatchObject([
    { namespace: 'kube-system', pod: 'dns', container: 'coredns', previous: true, text: 'before\n' },
    { namespace: 'kube-system', pod: 'dns', container: 'coredns', previous: false, text: 'one\n' },
  ]);
});

describe('a list that lacks a namespace', () => {
  it('is not taken for all there is', async () => {
    const snapshot = await load(tarOf(bundle));
    expect(snapshot.objects.get('daemonsets.apps')?.complete).toBe(false);
    expect(snapshot.coverage).toEqual([
      {
        subject: { kind: 'cluster', name: 'cluster' },
        probe: 'daemonsets.apps',
        status: 'truncated',
        file: 'support-bundle-2026/cluster-resources/daemonsets',
        reason: 'the bundle has nothing of the namespaces default',
      },
    ]);
  });

  it.each([
    [
      'was collected for chosen namespaces only',
      '[{"metadata":{"name":"default"}},{"metadata":{"name":"kube-system"}}]',
    ],
    ['has a damaged list of namespaces', namespaces.slice(0, -5)],
  ])('is not taken for all there is when the bundle %s', async (_, text) => {
    const changed = { ...bundle, 'support-bundle-2026/cluster-resources/namespaces.json': text };
    expect((await load(tarOf(changed))).objects.get('pods')?.complete).toBe(false);
  });

  it('is not taken for all there is when the bundle does not list namespaces', async () => {
    const { 'support-bundle-2026/cluster-resources/namespaces.json': _, ...without } = bundle;
    const snapshot = await load(tarOf(without));
    expect(snapshot.objects.get('pods')?.complete).toBe(false);
    expect(snapshot.objects.get('nodes')?.complete).toBe(true);
  });
});

it('names a version file that is not what it should be', async () => {
  const changed = { ...bundle, 'support-bundle-2026/cluster-info/cluster_version.json': 'null' };
  const opened = await open(tarOf(changed));
  expect('error' in opened).toBe(false);
  expect((await load(tarOf(changed))).objects.get('version')?.complete).toBe(false);
});
