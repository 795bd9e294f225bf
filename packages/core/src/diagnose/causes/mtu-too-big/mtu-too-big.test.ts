import { describe, expect, it } from 'vitest';
import { CLIENT_TO_WEB, change, diagnose, lineOf, MODES, twoNodes } from '../../testing/two-nodes.ts';

const POD = 'nodes/n1/netns/default_client/ip-addr.txt';
const MTU = { vxlan: 1450, 'cross-subnet': 1450, ipip: 1480, routed: 1500, bridge: 1500 } as const;
const UDP = { ...CLIENT_TO_WEB, protocol: 'udp' };

describe('a pod that takes larger packets for possible', () => {
  it.each(MODES)('%s', async (mode) => {
    const files = change(twoNodes(mode), POD, /(eth0@.* mtu )\d+/, '$11600');
    const question = { ...UDP, size: 1550 };
    const { conclusion, causes } = await diagnose(files, question);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'mtu-too-big',
        effect: 'blocks',
        subject: { kind: 'pod', name: 'default/client' },
        evidence: [{ file: 'nodes/n1/ip-addr.txt' }, lineOf(files, POD, 'eth0@')],
        remedies: [
          { command: `ip link set eth0 mtu ${MTU[mode]}`, where: { node: 'n1', netns: 'default_client' } },
          {},
        ],
      },
    ]);
    const { conclusion: without } = await diagnose(files, { ...question, size: MTU[mode] });
    expect(without).toBe('reachable');
  });

  it.each([
    [
      'udp',
      [{ cause: 'mtu-too-big', effect: 'hazard', text: expect.stringContaining('Packets over 1450 bytes') }],
    ],
    // The server tells the client how much it takes.
    ['tcp', []],
  ])('is a hazard for small packets of %s', async (protocol, expected) => {
    const files = change(twoNodes(), POD, 'mtu 1450', 'mtu 1500');
    const { conclusion, causes } = await diagnose(files, { ...CLIENT_TO_WEB, protocol });
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject(expected);
  });
});

it('a tunnel that leaves no room for its own header', async () => {
  const files = change(twoNodes('ipip'), 'nodes/n1/ip-addr.txt', 'mtu 1500', 'mtu 1480');
  const { causes } = await diagnose(files, { ...CLIENT_TO_WEB, size: 1480 });
  expect(causes).toMatchObject([
    {
      cause: 'mtu-too-big',
      effect: 'blocks',
      text: expect.stringContaining('takes 1480, of which the tunnel needs 20'),
      remedies: [
        { command: 'ip link set eth0 mtu 1460', where: { node: 'n1', netns: 'default_client' } },
        {},
      ],
    },
  ]);
  const { causes: hazards } = await diagnose(files);
  expect(hazards).toMatchObject([
    {
      cause: 'mtu-too-big',
      effect: 'hazard',
      evidence: [lineOf(files, 'nodes/n1/ip-addr.txt', 'eth0:'), {}],
    },
  ]);
});

it('the two ends of a pod link differ', async () => {
  const path = 'nodes/n2/ip-addr.txt';
  const files = change(twoNodes('routed'), path, /(cali68caf03a5f4@.* mtu )1500/, '$11400');
  const { causes } = await diagnose(files, UDP);
  expect(causes).toMatchObject([
    { effect: 'hazard', direction: 'request', evidence: [lineOf(files, path, 'cali68caf03a5f4@'), {}] },
    { effect: 'hazard', direction: 'reply' },
  ]);
});

it('a packet that is larger than the sender itself takes', async () => {
  const { causes } = await diagnose(twoNodes(), { ...UDP, size: 4000 });
  expect(causes).toMatchObject([{ cause: 'mtu-too-big', effect: 'blocks', remedies: [{ kind: 'manual' }] }]);
});
