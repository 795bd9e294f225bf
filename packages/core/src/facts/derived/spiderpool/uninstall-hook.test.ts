import { expect, it } from 'vitest';
import { list, shown, workload } from '../../../../test/fact-evidence.ts';

const agent = (command: string, mounts: readonly string[]) => ({
  'cluster/daemonsets.apps.json': list(
    workload('spiderpool-agent', {
      name: 'spiderpool-agent',
      image: 'ghcr.io/spidernet-io/spiderpool/spiderpool-agent:v0.8.2',
      lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', command] } } },
      volumeMounts: mounts.map((mountPath) => ({ name: mountPath, mountPath })),
    }),
  ),
});
const removal = 'rm -f /host/opt/cni/bin/multus || true\nrm -f /host/etc/cni/net.d/00-multus.conf || true';

it.each([
  ['removes-binary-only', removal, ['/host/opt/cni/bin']],
  ['removes-all', removal, ['/host/opt/cni/bin', '/host/etc/cni/net.d/']],
  ['keeps-multus', '/usr/bin/spiderpool-agent shutdown', ['/host/opt/cni/bin']],
])('%s', async (wanted, command, mounts) => {
  const files = agent(command, mounts);
  expect(await shown(files, 'spiderpool.uninstall-hook', '', 'daemonsets.apps')).toBe(wanted);
});
