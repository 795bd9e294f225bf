import { describe, expect, it } from 'vitest';
import { list, shown } from '../../../../../test/fact-evidence.ts';

const daemonSet = (name: string, spec: object) => ({
  'cluster/daemonsets.apps.json': list({
    metadata: { name, namespace: 'kube-system' },
    spec: { template: { spec } },
  }),
});
const image = 'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.1.4';

describe('Multus DaemonSet', () => {
  it.each([
    [
      'thin',
      { name: 'kube-multus', image, command: ['/thin_entrypoint'], args: ['--multus-conf-file=auto'] },
    ],
    [
      'thick',
      { name: 'kube-multus', image: `${image}-thick`, command: ['/usr/src/multus-cni/bin/multus-daemon'] },
    ],
  ])('is %s', async (wanted, container) => {
    expect(await shown(daemonSet('kube-multus-ds', { containers: [container] }), 'multus.kind')).toBe(wanted);
  });

  it('refreshes its kubeconfig only with both options and without the third', async () => {
    const refresh = (args: readonly string[]) =>
      shown(daemonSet('m', { containers: [{ name: 'kube-multus', image, args }] }), 'multus.thin-refresh');
    expect(await refresh(['--multus-conf-file=auto'])).toBe('false');
    expect(await refresh(['--multus-conf-file=auto', '--cleanup-config-on-exit=true'])).toBe('true');
    expect(await refresh(['--multus-conf-file=auto', '--cleanup-config-on-exit=false'])).toBe('false');
    expect(
      await refresh(['--multus-conf-file=auto', '--cleanup-config-on-exit', '--skip-config-watch']),
    ).toBe('false');
  });

  it.each([
    ['true', ['cp', '/usr/src/multus-cni/bin/multus-shim', '/host/opt/cni/bin/multus-shim']],
    ['false', ['cp', '-f', '/usr/src/multus-cni/bin/multus-shim', '/host/opt/cni/bin/multus-shim']],
    ['false', ['sh', '-c', 'cp -f /usr/src/multus-cni/bin/multus-shim /host/opt/cni/bin/multus-shim']],
    ['false', ['/usr/src/multus-cni/bin/install_multus']],
  ])('copies over the running shim: %s', async (wanted, command) => {
    const init = { name: 'install-multus-binary', image, command };
    expect(await shown(daemonSet('m', { initContainers: [init] }), 'multus.plain-copy')).toBe(wanted);
  });
});
