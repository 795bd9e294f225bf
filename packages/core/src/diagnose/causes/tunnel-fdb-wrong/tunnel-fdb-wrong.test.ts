import { expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  type Files,
  lineOf,
  twoNodes,
  without,
} from '../../testing/two-nodes.ts';

const FDB = 'nodes/n1/bridge-fdb.txt';
const REPAIR = 'bridge fdb replace 66:40:24:34:76:fc dev vxlan.calico dst 192.0.2.2 self permanent';

function sendTo(files: Files, address: string): Files {
  return change(files, FDB, 'dst 192.0.2.2', `dst ${address}`);
}

it.each([
  ['192.0.2.77', 'which no node has'],
  ['192.0.2.254', 'which no node has'],
])('packets for the other node go to %s', async (address, whose) => {
  const files = sendTo(twoNodes(), address);
  const { causes } = await diagnose(files);
  expect(causes).toMatchObject([
    {
      cause: 'tunnel-fdb-wrong',
      effect: 'blocks',
      direction: 'request',
      subject: { kind: 'node', name: 'n1' },
      text: expect.stringContaining(`to ${address}, ${whose}; n2 is 192.0.2.2`),
      evidence: [lineOf(files, FDB, address), lineOf(files, 'nodes/n2/ip-addr.txt', 'vxlan.calico')],
      remedies: [{ command: REPAIR, where: { node: 'n1' } }, {}],
    },
  ]);
  const repaired = change(files, FDB, `dst ${address}`, 'dst 192.0.2.2');
  expect((await diagnose(repaired)).conclusion).toBe('reachable');
});

it('packets for the other node go to a third one', async () => {
  const third = (twoNodes()['nodes/n2/ip-addr.txt'] ?? '')
    .replaceAll('192.0.2.2', '192.0.2.3')
    .replaceAll('02:00:00:00:00:02', '02:00:00:00:00:03')
    .replaceAll('10.244.2.0', '10.244.3.0')
    .replaceAll('66:40:24:34:76:fc', '66:40:24:34:76:03')
    .replaceAll('2001:db8::2', '2001:db8::3');
  const files = {
    ...sendTo(twoNodes(), '192.0.2.3'),
    'nodes/n3/ip-addr.txt': third,
    'nodes/n3/ip-route.txt': '192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.3\n',
    'nodes/n3/sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
    'nodes/n3/iptables-legacy-save.txt': '',
    'nodes/n3/nft-ruleset.txt': '',
  };
  const { conclusion, causes } = await diagnose(files);
  expect(conclusion).toBe('unreachable');
  expect(causes).toMatchObject([
    { cause: 'tunnel-fdb-wrong', text: expect.stringContaining('192.0.2.3, which is n3') },
  ]);
});

it('the node asks for the address in vain', async () => {
  const files = addLines(
    sendTo(twoNodes(), '192.0.2.77'),
    'nodes/n1/ip-neigh.txt',
    '192.0.2.77 dev eth0 FAILED',
  );
  const { conclusion, causes } = await diagnose(files);
  expect(conclusion).toBe('unreachable');
  expect(causes).toMatchObject([{ cause: 'tunnel-fdb-wrong', remedies: [{ command: REPAIR }, {}] }]);
});

it('is not claimed where the other node was not collected', async () => {
  const files = Object.keys(twoNodes())
    .filter((path) => path.startsWith('nodes/n2/'))
    .reduce<Files>(without, sendTo(twoNodes(), '192.0.2.77'));
  expect((await diagnose(files)).causes).toEqual([]);
});
