import { expect, it } from 'vitest';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject } from '../../subjects.ts';
import { withoutKubernetes } from './without-kubernetes.ts';

const encoder = new TextEncoder();
const HOST =
  'init.scope loaded active running System and Service Manager\nsshd.service loaded active running sshd\n';

async function answer(files: Readonly<Record<string, string>>): Promise<unknown> {
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] })),
  );
  const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' }).nodes;
  const fact = node?.fact(withoutKubernetes, '');
  return fact?.state === 'known' ? fact.value : fact;
}

it.each([
  ['a whole list of units without any of Kubernetes', { 'nodes/n1/units.txt': HOST }, true],
  [
    'a kubelet',
    {
      'nodes/n1/units.txt': `${HOST}kubelet.service loaded active running kubelet: The Kubernetes Node Agent\n`,
    },
    false,
  ],
  [
    'the server of RKE2',
    {
      'nodes/n1/units.txt': `${HOST}rke2-server.service loaded active running Rancher Kubernetes Engine v2\n`,
    },
    false,
  ],
  ['a list that was shortened', { 'nodes/n1/units.txt': 'sshd.service loaded active running sshd\n' }, false],
  ['no list', { 'nodes/n1/uname.txt': '6.8.0-45-generic' }, false],
  [
    'a configuration of CNI',
    {
      'nodes/n1/units.txt': HOST,
      'nodes/n1/cni-conf/10-flannel.conflist':
        '{"name":"cbr0","cniVersion":"0.3.1","plugins":[{"type":"flannel"}]}',
    },
    false,
  ],
])('%s', async (_what, files, expected) => {
  expect(await answer(files)).toBe(expected);
});
