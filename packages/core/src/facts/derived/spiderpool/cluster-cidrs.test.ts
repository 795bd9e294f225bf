import { describe, expect, it } from 'vitest';
import { list, shown } from '../../../../test/fact-evidence.ts';

const kubeadm = (data: object) => ({
  'cluster/configmaps.json': list({ metadata: { name: 'kubeadm-config', namespace: 'kube-system' }, data }),
});
const networking = (text: string) => kubeadm({ ClusterConfiguration: `networking: ${text}\n` });

describe('kubeadm-config', () => {
  it.each([
    ['complete', networking('{ podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/12 }')],
    ['without-subnets', networking('{ serviceSubnet: 10.96.0.0/12 }')],
    ['without-cluster-configuration', kubeadm({ ClusterStatus: '{}' })],
    ['absent', { 'cluster/configmaps.json': list() }],
    ['unknown', {}],
    ['unknown', kubeadm({ ClusterConfiguration: 'networking: {' })],
  ])('is %s', async (wanted, files) => {
    expect(await shown(files, 'spiderpool.kubeadm-config')).toBe(wanted);
  });

  it('tells the keys that make its reading a game of chance', async () => {
    const files = kubeadm({ ClusterConfiguration: '{}', ClusterStatus: '{}' });
    expect(await shown(files, 'spiderpool.kubeadm-config-extra-keys')).toBe('ClusterStatus');
  });
});

const manager = (name: string, container: object) => ({
  metadata: { name, namespace: 'kube-system', labels: { component: 'kube-controller-manager' } },
  spec: { containers: [{ name: 'kube-controller-manager', ...container }] },
});
const range = '--service-cluster-ip-range=10.43.0.0/16';

describe('flags of kube-controller-manager', () => {
  it.each([
    ['command', [manager('a', { command: ['kube-controller-manager', range] })]],
    ['args', [manager('a', { command: ['kube-controller-manager'], args: [range] })]],
    ['neither', [manager('a', { command: ['kube-controller-manager', '--service-cluster-ip-range'] })]],
    ['no-pod', []],
    ['args (uncertain)', [manager('b', { command: [range] }), manager('a', { args: [range] })]],
  ])('%s', async (wanted, pods) => {
    expect(await shown({ 'cluster/pods.json': list(...pods) }, 'spiderpool.kcm-flags')).toBe(wanted);
  });

  it('are unknown without pods', async () => {
    expect(await shown({}, 'spiderpool.kcm-flags')).toBe('unknown');
  });
});
