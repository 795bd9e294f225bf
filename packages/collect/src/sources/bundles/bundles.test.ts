import { expect, it } from 'vitest';
import { load, read } from '../../../test/support/read-source.ts';
import { tarOf } from '../../../test/support/tar.ts';
import { BUNDLES } from './index.ts';

it('has kinds with names of their own', () => {
  expect(new Set(BUNDLES.map(({ id }) => id)).size).toBe(BUNDLES.length);
  for (const { id, title } of BUNDLES)
    expect([id, title]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.any(String)]);
});

const object = (kind: string, apiVersion: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;
const list = (kind: string, apiVersion: string, name: string): string =>
  `apiVersion: v1\nitems:\n- apiVersion: ${apiVersion}\n  kind: ${kind}\n  metadata:\n    name: ${name}\nkind: List\nmetadata:\n  resourceVersion: ""\n`;

it('reads kubectl cluster-info dump; it does not say what it leaves out', async () => {
  const logs =
    '==== START logs for container install of pod kube-system/p ====\nfirst\n==== END logs for container install of pod kube-system/p ====\n' +
    '==== START logs for container agent of pod kube-system/p ====\nsecond\n==== END logs for container agent of pod kube-system/p ====\n';
  const dump = {
    'nodes.json': '{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"n1"}}]}',
    'kube-system/replication-controllers.json':
      '{"kind":"ReplicationControllerList","apiVersion":"v1","items":[]}',
    'kube-system/pods.json':
      '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"p","namespace":"kube-system"}}]}',
    'default/pods.json': '{"kind":"PodList","apiVersion":"v1","items":[]}',
    'kube-system/p/logs.txt': logs,
  };
  for (const files of [
    dump,
    Object.fromEntries(Object.entries(dump).map(([path, text]) => [`out/${path}`, text])),
  ]) {
    expect(await read(tarOf(files))).toMatchObject({
      kind: 'support-bundle',
      title: 'kubectl cluster-info dump',
    });
    const snapshot = await load(tarOf(files));
    expect(snapshot.objects.get('nodes')).toMatchObject({ complete: true, items: [{}] });
    expect(snapshot.objects.get('pods')).toMatchObject({ complete: false, items: [{}] });
    expect(
      snapshot.logs.map(({ container, text }) => [
        container,
        text.split('\n').indexOf(container === 'agent' ? 'second' : 'first'),
      ]),
    ).toEqual([
      ['install', 1],
      ['agent', 4],
    ]);
    // Said once, not for each namespace.
    expect(snapshot.coverage.map(({ status, probe }) => [status, probe])).toEqual([['truncated', 'pods']]);
  }
});

it('reads cluster-info dump in YAML', async () => {
  const files = {
    'nodes.yaml': list('Node', 'v1', 'n1'),
    'kube-system/replication-controllers.yaml': 'apiVersion: v1\nitems: []\nkind: List\n',
    'kube-system/daemonsets.yaml': list('DaemonSet', 'apps/v1', 'calico-node'),
  };
  const snapshot = await load(tarOf(files));
  expect(snapshot.objects.get('nodes')?.items).toMatchObject([
    { object: { metadata: { name: 'n1' } }, file: 'nodes.yaml' },
  ]);
  expect(snapshot.objects.get('daemonsets.apps')?.items).toHaveLength(1);
});

it('reads an OpenShift must-gather with the folders of several images', async () => {
  const image = (name: string): string =>
    `must-gather.local.1/quay-io-${name}-sha256-${'0123456789abcdef'.repeat(4)}`;
  const first = image('ocp-release');
  const files = {
    [`${first}/version`]: 'x',
    [`${first}/cluster-scoped-resources/core/nodes/n1.yaml`]: `---\n${object('Node', 'v1', 'n1')}`,
    [`${first}/cluster-scoped-resources/core/nodes/n2.yaml`]: object('Node', 'v1', 'n2'),
    [`${first}/namespaces/openshift-multus/core/pods.yaml`]: list('Pod', 'v1', 'multus'),
    [`${first}/namespaces/openshift-multus/apps/daemonsets.yaml`]: list('DaemonSet', 'apps/v1', 'multus'),
    [`${first}/namespaces/openshift-multus/core/secrets.yaml`]: list('Secret', 'v1', 'token'),
    [`${first}/namespaces/openshift-multus/pods/multus/multus.yaml`]: object('Pod', 'v1', 'multus'),
    [`${first}/namespaces/openshift-multus/pods/multus/kube-multus/kube-multus/logs/current.log`]: 'line\n',
    [`${first}/namespaces/openshift-multus/pods/multus/kube-multus/kube-multus/logs/previous.log`]: '',
    [`${first}/nodes/n1/lscpu`]: 'x',
    [`${image('cnv')}/cluster-scoped-resources/core/nodes/n1.yaml`]: object('Node', 'v1', 'n1'),
  };
  expect(await read(tarOf(files))).toMatchObject({ title: 'OpenShift must-gather', problems: [] });
  const snapshot = await load(tarOf(files));
  expect(snapshot.objects.get('nodes')).toMatchObject({ complete: false, items: [{}, {}] });
  expect(snapshot.objects.get('nodes')?.items[0]).toMatchObject({
    file: `${first}/cluster-scoped-resources/core/nodes/n1.yaml`,
    pointer: '',
  });
  expect([...snapshot.objects.keys()]).toEqual(['nodes', 'pods', 'daemonsets.apps']);
  expect(snapshot.objects.get('pods')?.items).toHaveLength(1);
  expect(snapshot.logs).toMatchObject([{ container: 'kube-multus', text: 'line\n' }, { previous: true }]);
});

it('reads a sos report as the evidence of one node', async () => {
  const root = 'sosreport-worker-1-2026-11-20-abcdefg';
  const files = {
    [`${root}/version.txt`]: 'sosreport: 4.7.2\n',
    [`${root}/sos_commands/kernel/uname_-a`]:
      'Linux worker-1 5.14.0-427.13.1.el9_4.x86_64 #1 SMP x86_64 GNU/Linux\n',
    [`${root}/sos_commands/kernel/sysctl_-a`]: 'net.ipv4.ip_forward = 1\n',
    [`${root}/sos_commands/networking/ip_-s_-d_link`]:
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n',
    [`${root}/sos_commands/networking/ethtool_-k_eth0.100`]: 'Features for eth0.100:\nrx-checksumming: on\n',
    [`${root}/sos_commands/networking/namespaces/cni-1/ip_netns_exec_cni-1_ip_route_show_table_all`]:
      'default via 10.0.0.1 dev eth0\n',
    [`${root}/sos_commands/networking/ip_-o_addr`]: '1: lo    inet 127.0.0.1/8 scope host lo\n',
    [`${root}/etc/os-release`]: 'ID=rhel\nVERSION_ID="9.4"\n',
    [`${root}/etc/cni/net.d/10-calico.conflist`]:
      '{"name":"k8s-pod-network","cniVersion":"0.3.1","plugins":[]}',
    [`${root}/boot/config-5.14.0-427.13.1.el9_4.x86_64`]: 'CONFIG_NET=y\n',
    [`${root}/etc/passwd`]: 'root:x:0:0\n',
  };
  const found = await read(tarOf(files));
  expect(found).toMatchObject({ kind: 'support-bundle', title: 'sos report' });
  expect(Object.keys(found.files).sort()).toEqual(
    [
      'cni-conf/10-calico.conflist',
      'ethtool-features/eth0.100.txt',
      'ip-link.txt',
      'kernel-config.txt',
      'netns/cni-1/ip-route.txt',
      'os-release.txt',
      'sysctl.txt',
      'uname.txt',
    ].map((file) => `nodes/worker-1/${file}`),
  );
  expect((await load(tarOf(files))).coverage).toEqual([]);
});

it('reads the diagnostics of calicoctl, which look like an evidence directory but are not', async () => {
  const root = 'calico-diagnostics-20261120_120000';
  const files = {
    [`${root}/nodes/n1/iptables-nft-save.txt`]:
      '# Generated by iptables-nft-save v1.8.8 (nf_tables)\r\n*filter\r\n:INPUT ACCEPT [0:0]\r\nCOMMIT\r\n',
    [`${root}/nodes/n1/ip-route.txt`]: 'default via 10.0.0.1 dev eth0\r\n',
    [`${root}/nodes/n1/ip-route-v6.txt`]: 'fe80::/64 dev eth0 proto kernel metric 256\r\n',
    [`${root}/nodes/n1/ip-link.txt`]: '5: vxlan.calico: <UP> mtu 1450\r\n',
    [`${root}/nodes/n1/calico-system/calico-node-x.log`]: 'felix line\n',
    [`${root}/cluster/version.yaml`]:
      'clientVersion:\n  gitVersion: v1.30.0\nserverVersion:\n  gitVersion: v1.27.3\n',
    [`${root}/cluster/kubernetes/pods.yaml`]: list('Pod', 'v1', 'p'),
    [`${root}/cluster/kubernetes/services.yaml`]: '',
    [`${root}/cluster/crd/felixconfigurations.crd.projectcalico.org.yaml`]: list(
      'FelixConfiguration',
      'crd.projectcalico.org/v1',
      'default',
    ),
    [`${root}/cluster/crd/felixconfigurations.crd.projectcalico.org.txt`]: 'NAME\ndefault\n',
  };
  const found = await read(tarOf(files));
  expect(found.title).toBe('calicoctl cluster diags');
  expect(Object.keys(found.files).sort()).toEqual([
    'cluster/felixconfigurations.crd.projectcalico.org.json',
    'cluster/pods.json',
    'cluster/services.json',
    'cluster/version.json',
    'logs/calico-system_calico-node-x_all-containers.log',
    'nodes/n1/ip-route.txt',
    'nodes/n1/ip6-route.txt',
    'nodes/n1/iptables-nft-save.txt',
  ]);
  const snapshot = await load(tarOf(files));
  expect(snapshot.objects.get('version')?.items[0]?.object).toEqual({ gitVersion: 'v1.27.3' });
  expect(snapshot.objects.get('pods')).toMatchObject({ complete: true, items: [{}] });
  // A command that printed nothing failed: that is not "no services".
  expect(snapshot.objects.get('services')?.complete).toBe(false);
});

it("reads an agent's archive of antctl, both families of iptables apart", async () => {
  const v4 =
    '# Generated by iptables-save v1.8.7 on Fri Nov 20\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n# Completed\n';
  const v6 =
    '# Generated by ip6tables-save v1.8.7 on Fri Nov 20\n*raw\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n# Completed\n';
  const files = {
    agentinfo: 'metadata:\n  name: n1\n',
    iptables: v6 + v4,
    flows: 'cookie=0x1, table=0, priority=0 actions=drop',
    groups: 'group_id=1,type=select,bucket=weight:100,actions=drop',
    address:
      '1: lo: <LOOPBACK,UP> mtu 65536\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n',
    link: '1: lo: <LOOPBACK,UP> mtu 65536\n',
    'logs/agent/antrea-agent.log': 'x\n',
  };
  const found = await read(tarOf(files));
  expect(found.title).toContain('antctl supportbundle');
  expect(Object.keys(found.files).sort()).toEqual([
    'node/ip-addr.txt',
    'node/ip6tables-save.txt',
    'node/iptables-save.txt',
    'node/ovs-flows.txt',
    'node/ovs-groups.txt',
  ]);
  expect(found.files['node/iptables-save.txt']?.split('\n').indexOf('*nat')).toBe(6);
  expect(found.files['node/iptables-save.txt']).not.toContain('*raw');
});

it('reports links of a bundle only where they stand for evidence', async () => {
  const { tar } = await import('../../../test/support/tar.ts');
  const found = await read(
    tar(
      { name: 'sos_commands/kernel/uname_-a', content: 'Linux n1 5.14.0 #1 SMP x86_64 GNU/Linux\n' },
      { name: 'uname', type: '2', linkName: 'sos_commands/kernel/uname_-a' },
      { name: 'etc/os-release', type: '2', linkName: '../usr/lib/os-release' },
    ),
  );
  expect(found.files).toEqual({ 'node/uname.txt': expect.any(String) });
  expect(found.problems.map(({ file }) => file)).toEqual(['etc/os-release']);
});
