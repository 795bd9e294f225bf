import { describe, expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  twoNodes,
} from '../../testing/two-nodes.ts';

/** The object of n2 says something else than the node has. */
function announce(files: Files, address: string): Files {
  return change(
    change(files, 'cluster/nodes.json', '"address":"192.0.2.2"', `"address":"${address}"`),
    'cluster/nodes.json',
    '"192.0.2.2/24"',
    `"${address}/24"`,
  );
}

describe('an address that no interface of the node has', () => {
  it.each([
    [
      'vxlan',
      'nodes/n1/bridge-fdb.txt',
      'dst 192.0.2.2 ',
      'bridge fdb replace 66:40:24:34:76:fc dev vxlan.calico dst 192.0.2.2 self permanent',
    ],
    [
      'ipip',
      'nodes/n1/ip-route.txt',
      'via 192.0.2.2 ',
      'ip route replace 10.244.2.0/26 via 192.0.2.2 dev tunl0 onlink',
    ],
    [
      'routed',
      'nodes/n1/ip-route.txt',
      'via 192.0.2.2 ',
      'ip route replace 10.244.2.0/26 via 192.0.2.2 dev eth0',
    ],
  ] as const)('%s: others send to it', async (mode, path, used, command) => {
    const files = change(
      announce(twoNodes(mode), '192.0.2.77'),
      path,
      used,
      used.replace('192.0.2.2', '192.0.2.77'),
    );
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'node-address-wrong',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n2' },
        text: expect.stringContaining('InternalIP of node n2 is 192.0.2.77'),
        evidence: [{ file: 'cluster/nodes.json', pointer: '/items/1/status/addresses/0' }, {}],
        remedies: [{ command, where: { node: 'n1' } }, { kind: 'manual' }],
      },
    ]);
    const repaired = change(files, path, used.replace('192.0.2.2', '192.0.2.77'), used);
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  });

  it('is on a second interface that others do not reach', async () => {
    const second = [
      '3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
      '    link/ether 02:00:00:00:02:02 brd ff:ff:ff:ff:ff:ff',
      '    inet 192.168.99.12/24 scope global noprefixroute eth1',
    ];
    const changed = addLines(announce(twoNodes(), '192.168.99.12'), 'nodes/n2/ip-addr.txt', ...second);
    const files = change(changed, 'nodes/n1/bridge-fdb.txt', 'dst 192.0.2.2 ', 'dst 192.168.99.12 ');
    expect((await diagnose(dropLine(files, 'nodes/n1/ip-route.txt', 'default'))).causes).toMatchObject([
      {
        cause: 'node-address-wrong',
        effect: 'blocks',
        text: expect.stringContaining('which is on eth1, not on the network that n1 shares with n2'),
        evidence: [{ file: 'cluster/nodes.json' }, lineOf(files, 'nodes/n2/ip-addr.txt', 'eth1:')],
        remedies: [{ command: expect.stringContaining('dst 192.0.2.2 self permanent') }, {}],
      },
    ]);
  });

  it('is a hazard where a router may know the second network', async () => {
    const second = '3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP';
    const changed = addLines(
      announce(twoNodes(), '192.168.99.12'),
      'nodes/n2/ip-addr.txt',
      second,
      '    inet 192.168.99.12/24 scope global noprefixroute eth1',
    );
    const used = change(changed, 'nodes/n1/bridge-fdb.txt', 'dst 192.0.2.2 ', 'dst 192.168.99.12 ');
    const allowed = addLines(used, 'nodes/n1/ipset-save.txt', 'add cali40all-vxlan-net 192.168.99.12');
    const files = change(
      allowed,
      'nodes/n2/ip-addr.txt',
      'local 192.0.2.2 dev eth0',
      'local 192.168.99.12 dev eth1',
    );
    expect((await diagnose(files)).causes).toMatchObject([
      {
        cause: 'node-address-wrong',
        effect: 'hazard',
        text: expect.stringContaining('only if routers between them know'),
        remedies: [{ command: expect.stringContaining('dst 192.0.2.2 self permanent') }, {}],
      },
    ]);
  });

  it('is a hazard as long as nobody sends to it', async () => {
    const { conclusion, causes } = await diagnose(announce(twoNodes(), '192.0.2.77'));
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject([{ cause: 'node-address-wrong', effect: 'hazard' }]);
  });
});

it('a tunnel sends from an address that the node does not have', async () => {
  const files = change(twoNodes(), 'nodes/n1/ip-addr.txt', 'local 192.0.2.1 ', 'local 192.0.2.77 ');
  const { conclusion, causes } = await diagnose(files);
  expect(conclusion).toBe('unreachable');
  expect(causes).toMatchObject([
    {
      cause: 'node-address-wrong',
      effect: 'blocks',
      subject: { kind: 'node', name: 'n1' },
      evidence: [lineOf(files, 'nodes/n1/ip-addr.txt', 'vxlan.calico')],
      remedies: [
        { command: 'ip link set dev vxlan.calico type vxlan id 4096 local 192.0.2.1', where: { node: 'n1' } },
        {},
      ],
    },
  ]);
});
