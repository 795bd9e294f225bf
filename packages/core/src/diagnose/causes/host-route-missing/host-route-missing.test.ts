import { describe, expect, it } from 'vitest';
import { addLines, change, diagnose, dropLine, lineOf, MODES, twoNodes } from '../../testing/two-nodes.ts';

const N1_ROUTES = 'nodes/n1/ip-route.txt';
const N2_ROUTES = 'nodes/n2/ip-route.txt';

describe('the route to the pods of the other node', () => {
  it.each([
    ['vxlan', 'ip route replace 10.244.2.0/26 via 10.244.2.0 dev vxlan.calico onlink'],
    ['cross-subnet', 'ip route replace 10.244.2.0/26 via 192.0.2.2 dev eth0'],
    ['ipip', 'ip route replace 10.244.2.0/26 via 192.0.2.2 dev tunl0 onlink'],
    ['routed', 'ip route replace 10.244.2.0/26 via 192.0.2.2 dev eth0'],
    ['bridge', 'ip route replace 10.244.2.0/24 via 192.0.2.2 dev eth0'],
  ] as const)('%s: is missing, so the default gateway gets the packets', async (mode, command) => {
    const files = dropLine(twoNodes(mode), N1_ROUTES, '10.244.2.0/2');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'node', name: 'n1' },
        evidence: [{ file: N1_ROUTES, line: 1 }, { file: expect.stringContaining('default_web/') }],
        remedies: [{ command, where: { node: 'n1' } }, {}],
      },
    ]);
    expect(causes[0]?.text).toContain('10.244.2.10 (pod default/web on n2)');
    const [, route = ''] = command.split('replace ');
    const { conclusion } = await diagnose(addLines(files, N1_ROUTES, route));
    expect(conclusion).toBe('reachable');
  });

  it('is missing, and there is no other', async () => {
    const files = dropLine(dropLine(twoNodes(), N1_ROUTES, '10.244.2.0/26'), N1_ROUTES, 'default');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([{ cause: 'host-route-missing', evidence: [{ file: N1_ROUTES }, {}] }]);
  });

  it.each(['blackhole', 'unreachable', 'prohibit'])('is of the type %s', async (type) => {
    const files = change(twoNodes(), N1_ROUTES, /^10.244.2.0.*$/, `${type} 10.244.2.0/26`);
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      { cause: 'host-route-missing', evidence: [lineOf(files, N1_ROUTES, `${type} 10.244.2.`), {}] },
    ]);
  });

  it('leads to something that is not the node', async () => {
    const files = change(twoNodes('routed'), N1_ROUTES, 'via 192.0.2.2', 'via 192.0.2.99');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      { cause: 'host-route-missing', remedies: [{ command: expect.stringContaining('via 192.0.2.2 ') }, {}] },
    ]);
  });

  it('is missing for the answer', async () => {
    const files = dropLine(twoNodes(), N2_ROUTES, '10.244.1.0/26');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        direction: 'reply',
        remedies: [
          {
            command: 'ip route replace 10.244.1.0/26 via 10.244.1.0 dev vxlan.calico onlink',
            where: { node: 'n2' },
          },
          {},
        ],
      },
    ]);
  });

  it('is missing in both directions: the pool tells', async () => {
    const files = dropLine(dropLine(twoNodes(), N1_ROUTES, '10.244.2.0/26'), N2_ROUTES, '10.244.1.0/26');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        text: expect.stringContaining('vxlanMode Always'),
        remedies: [{ command: expect.stringContaining('via 10.244.2.0 dev vxlan.calico onlink') }, {}],
      },
    ]);
  });

  it('IPv6', async () => {
    const files = dropLine(twoNodes(), 'nodes/n1/ip6-route.txt', 'fd00:10:244:2::');
    const { causes } = await diagnose(files, { from: 'pod/default/client', to: '[fd00:10:244:2::10]:8080' });
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        remedies: [
          {
            command: expect.stringMatching(
              /^ip -6 route replace fd00:10:244:2::\/64 via 2001:db8::2 dev eth0$/,
            ),
          },
          {},
        ],
      },
    ]);
  });

  it('is not named where nothing shows that it should be there: a router may know the way', async () => {
    const routed = twoNodes('routed');
    const files = dropLine(dropLine(routed, N1_ROUTES, '10.244.2.0/26'), N2_ROUTES, '10.244.1.0/26');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).not.toBe('reachable');
    expect(causes).toEqual([]);
  });
});

describe('the route to a pod of the node itself', () => {
  it.each(MODES.filter((mode) => mode !== 'bridge'))('%s', async (mode) => {
    const files = dropLine(twoNodes(mode), N2_ROUTES, '10.244.2.10 ');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, N2_ROUTES, 'blackhole'), {}],
        remedies: [
          { command: 'ip route replace 10.244.2.10 dev cali68caf03a5f4 scope link', where: { node: 'n2' } },
          {},
        ],
      },
    ]);
    const repaired = addLines(files, N2_ROUTES, '10.244.2.10 dev cali68caf03a5f4 scope link');
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  });

  it('is missing, and a rule that tests the way back drops what the pod sends', async () => {
    const rules = 'nodes/n1/iptables-legacy-save.txt';
    const testing = '-A PREROUTING -i cali+ -m rpfilter --validmark --invert -j DROP';
    const healthy = change(twoNodes(), rules, /^(-A OUTPUT .*cali:tVnHkvAo15HuiPy0.*)$/, `${testing}\n$1`);
    expect((await diagnose(healthy)).conclusion).toBe('reachable');
    const files = dropLine(healthy, N1_ROUTES, '10.244.1.10 ');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        direction: 'request',
        evidence: [lineOf(files, N1_ROUTES, 'blackhole'), {}, lineOf(files, rules, 'rpfilter')],
        remedies: [{ command: expect.stringContaining('ip route replace 10.244.1.10 dev cali') }, {}],
      },
    ]);
    expect(causes[0]?.text).toContain('a rule that tests the way back');
  });

  it('by a bridge', async () => {
    const files = dropLine(twoNodes('bridge'), N2_ROUTES, '10.244.2.0/24');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'host-route-missing',
        remedies: [
          {
            command: 'ip route replace 10.244.2.0/24 dev cni0 proto kernel scope link src 10.244.2.1',
            where: { node: 'n2' },
          },
          {},
        ],
      },
    ]);
  });
});

it('the route to the network of the nodes', async () => {
  const files = dropLine(dropLine(twoNodes(), N1_ROUTES, '192.0.2.0/24'), N1_ROUTES, 'default');
  const { conclusion, causes } = await diagnose(files);
  expect(conclusion).toBe('unreachable');
  expect(causes).toMatchObject([
    {
      cause: 'host-route-missing',
      remedies: [
        {
          command: 'ip route replace 192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.1',
          where: { node: 'n1' },
        },
        {},
      ],
    },
  ]);
});
