import { describe, expect, it } from 'vitest';
import { addLines, change, diagnose, dropLine, lineOf, twoNodes, without } from '../../testing/two-nodes.ts';

const NEIGHBOURS = 'nodes/n1/ip-neigh.txt';
const FDB = 'nodes/n1/bridge-fdb.txt';
const N2 = 'nodes/n2/ip-addr.txt';
const MAC = '66:40:24:34:76:fc';
const ADD_NEIGHBOUR = `ip neigh replace 10.244.2.0 lladdr ${MAC} dev vxlan.calico nud permanent`;
const ADD_ENDPOINT = `bridge fdb replace ${MAC} dev vxlan.calico dst 192.0.2.2 self permanent`;

const NO_NEIGHBOUR = dropLine(twoNodes(), NEIGHBOURS, MAC);
const NO_ENDPOINT = dropLine(twoNodes(), FDB, MAC);

describe('VXLAN', () => {
  it.each([
    ['no neighbour', NO_NEIGHBOUR, { file: NEIGHBOURS }, ADD_NEIGHBOUR],
    [
      'a neighbour that did not answer',
      addLines(NO_NEIGHBOUR, NEIGHBOURS, '10.244.2.0 dev vxlan.calico FAILED'),
      lineOf(addLines(NO_NEIGHBOUR, NEIGHBOURS, '10.244.2.0 dev vxlan.calico FAILED'), NEIGHBOURS, 'FAILED'),
      ADD_NEIGHBOUR,
    ],
    ['no entry in the forwarding database', NO_ENDPOINT, { file: FDB }, ADD_ENDPOINT],
    [
      'neither',
      dropLine(NO_NEIGHBOUR, FDB, MAC),
      { file: NEIGHBOURS },
      `${ADD_NEIGHBOUR} && ${ADD_ENDPOINT}`,
    ],
  ])('with %s', async (_, files, evidence, command) => {
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'tunnel-endpoint-unknown',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n1' },
        evidence: [evidence, lineOf(files, N2, 'vxlan.calico')],
        remedies: [{ command, where: { node: 'n1' } }, {}],
      },
    ]);
    const healthy = twoNodes();
    const repaired = { ...files, [NEIGHBOURS]: healthy[NEIGHBOURS] ?? '', [FDB]: healthy[FDB] ?? '' };
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  });

  it('the answer has no entry', async () => {
    const files = dropLine(twoNodes(), 'nodes/n2/ip-neigh.txt', '10.244.1.0 ');
    expect((await diagnose(files)).causes).toMatchObject([
      { cause: 'tunnel-endpoint-unknown', direction: 'reply', subject: { kind: 'node', name: 'n2' } },
    ]);
  });

  it('without evidence of the forwarding database nothing is claimed', async () => {
    const { conclusion, causes } = await diagnose(without(twoNodes(), FDB));
    expect(conclusion).toBe('unknown');
    expect(causes).toEqual([]);
  });

  it('with a device of another network on the other node', async () => {
    const files = change(twoNodes(), N2, 'vxlan id 4096', 'vxlan id 4097');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'tunnel-endpoint-unknown',
        subject: { kind: 'node', name: 'n2' },
        text: expect.stringContaining('vxlan.calico has id 4097, and vxlan.calico of n1 has 4096'),
        evidence: [lineOf(files, N2, 'vxlan.calico'), lineOf(files, 'nodes/n1/ip-addr.txt', 'vxlan.calico')],
      },
    ]);
  });
});

it.each([
  ['vxlan', 'vxlan.calico'],
  ['ipip', 'tunl0@NONE'],
] as const)('%s: the device of the other node is down', async (mode, device) => {
  const files = change(twoNodes(mode), N2, new RegExp(`(${device}: .*),UP,LOWER_UP`), '$1');
  expect((await diagnose(files)).causes).toMatchObject([
    {
      cause: 'tunnel-endpoint-unknown',
      evidence: [lineOf(files, N2, device), {}],
      remedies: [{ command: `ip link set ${device.split('@')[0]} up`, where: { node: 'n2' } }, {}],
    },
  ]);
});
