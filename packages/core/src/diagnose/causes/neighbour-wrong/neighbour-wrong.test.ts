import { describe, expect, it } from 'vitest';
import { change, diagnose, lineOf, twoNodes } from '../../testing/two-nodes.ts';

const POD = 'nodes/n1/netns/default_client/ip-neigh.txt';
const N1 = 'nodes/n1/ip-neigh.txt';
const N2 = 'nodes/n2/ip-neigh.txt';

describe('an ordinary link', () => {
  it.each(['FAILED', 'INCOMPLETE'])(
    'the gateway of the pod is %s, although the node answers',
    async (state) => {
      const files = change(twoNodes(), POD, 'lladdr ee:ee:ee:ee:ee:ee REACHABLE', state);
      const { conclusion, causes } = await diagnose(files);
      expect(conclusion).toBe('unknown');
      expect(causes).toMatchObject([
        {
          cause: 'neighbour-wrong',
          effect: 'hazard',
          subject: { kind: 'pod', name: 'default/client' },
          text: expect.stringContaining('although calia7a3e029a7b of n1 should answer'),
          evidence: [lineOf(files, POD, state), lineOf(files, 'nodes/n1/ip-addr.txt', 'calia7a3e029a7b')],
          remedies: [
            { command: 'ip neigh del 169.254.1.1 dev eth0', where: { node: 'n1', netns: 'default_client' } },
            {},
          ],
        },
      ]);
      expect((await diagnose({ ...files, [POD]: '' })).conclusion).toBe('reachable');
    },
  );

  it.each(['FAILED', 'INCOMPLETE'])('the other node is %s, and is down', async (state) => {
    const asked = change(twoNodes(), N1, 'lladdr 02:00:00:00:00:02 REACHABLE', state);
    const files = change(
      asked,
      'nodes/n2/ip-addr.txt',
      /^2: eth0: <.*UP> mtu/m,
      '2: eth0: <BROADCAST,MULTICAST> mtu',
    );
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'neighbour-wrong',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n1' },
        text: expect.stringContaining('nothing that was collected would answer'),
      },
    ]);
  });

  it.each([
    ['the gateway of the pod', POD, 'ee:ee:ee:ee:ee:ee', '169.254.1.1', 'eth0', 'ee:ee:ee:ee:ee:ee'],
    ['the other node', N1, '02:00:00:00:00:02', '192.0.2.2', 'eth0', '02:00:00:00:00:02'],
    ['the pod', N2, '0a:00:00:00:02:10', '10.244.2.10', 'cali68caf03a5f4', '0a:00:00:00:02:10'],
  ])('%s has a hardware address that nobody has', async (_, path, mac, address, device, right) => {
    const files = change(
      twoNodes(),
      path,
      new RegExp(`lladdr ${mac} .*`),
      'lladdr 02:de:ad:00:00:01 PERMANENT',
    );
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'neighbour-wrong',
        text: expect.stringContaining('02:de:ad:00:00:01'),
        evidence: [lineOf(files, path, '02:de:ad'), {}],
        remedies: [
          { command: `ip neigh replace ${address} lladdr ${right} dev ${device} nud reachable` },
          {},
        ],
      },
    ]);
    expect(
      (await diagnose(change(files, path, '02:de:ad:00:00:01 PERMANENT', `${right} REACHABLE`))).conclusion,
    ).toBe('reachable');
  });

  it('on a bridge the pod next door gets the packets', async () => {
    const files = change(twoNodes('bridge'), N2, '0a:00:00:00:02:10 STALE', '0a:00:00:00:02:11 PERMANENT');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'neighbour-wrong',
        remedies: [
          { command: 'ip neigh replace 10.244.2.10 lladdr 0a:00:00:00:02:10 dev cni0 nud reachable' },
          {},
        ],
      },
    ]);
  });

  it('an old hardware address that the kernel will ask about again is no cause', async () => {
    const files = change(twoNodes(), N1, '02:00:00:00:00:02 REACHABLE', '02:de:ad:00:00:01 STALE');
    const { causes } = await diagnose(files);
    expect(causes.filter(({ effect }) => effect === 'blocks')).toEqual([]);
  });
});

describe('a tunnel', () => {
  const repair = 'ip neigh replace 10.244.2.0 lladdr 66:40:24:34:76:fc dev vxlan.calico nud permanent';

  it.each([
    ['that the forwarding database knows as well', ['nodes/n1/ip-neigh.txt', 'nodes/n1/bridge-fdb.txt']],
    ['that the forwarding database does not know', ['nodes/n1/ip-neigh.txt']],
  ])('the other end has another hardware address %s', async (_, paths) => {
    let files = twoNodes();
    for (const path of paths) files = change(files, path, '66:40:24:34:76:fc', '66:00:00:00:00:99');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'neighbour-wrong',
        subject: { kind: 'node', name: 'n1' },
        evidence: [lineOf(files, N1, '66:00:00'), lineOf(files, 'nodes/n2/ip-addr.txt', 'vxlan.calico')],
        remedies: [
          {
            command:
              paths.length === 1
                ? repair
                : `${repair} && bridge fdb replace 66:40:24:34:76:fc dev vxlan.calico dst 192.0.2.2 self permanent`,
          },
          {},
        ],
      },
    ]);
  });

  it('the device of the other node was made anew', async () => {
    const files = change(twoNodes(), 'nodes/n2/ip-addr.txt', '66:40:24:34:76:fc', '66:00:00:00:00:99');
    expect((await diagnose(files)).causes).toMatchObject([
      {
        cause: 'neighbour-wrong',
        remedies: [
          {
            command:
              'ip neigh replace 10.244.2.0 lladdr 66:00:00:00:00:99 dev vxlan.calico nud permanent && bridge fdb replace 66:00:00:00:00:99 dev vxlan.calico dst 192.0.2.2 self permanent',
          },
          {},
        ],
      },
    ]);
  });
});
