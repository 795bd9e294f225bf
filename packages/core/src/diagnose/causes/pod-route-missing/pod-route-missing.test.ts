import { describe, expect, it } from 'vitest';
import { addLines, change, diagnose, dropLine, lineOf, MODES, twoNodes } from '../../testing/two-nodes.ts';

const CLIENT = 'nodes/n1/netns/default_client/ip-route.txt';
const CALICO = MODES.filter((mode) => mode !== 'bridge');

describe('the default route of a pod', () => {
  it.each(CALICO)('%s: is missing', async (mode) => {
    const files = dropLine(twoNodes(mode), CLIENT, 'default');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'pod-route-missing',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'pod', name: 'default/client' },
        text: expect.stringContaining('default/client-2 on the same node has it'),
        evidence: [{ file: CLIENT }],
        remedies: [
          {
            command: 'ip route replace default via 169.254.1.1 dev eth0',
            where: { node: 'n1', netns: 'default_client' },
          },
          {},
        ],
      },
    ]);
    const repaired = addLines(files, CLIENT, 'default via 169.254.1.1 dev eth0');
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  });

  it('of a bridge is missing', async () => {
    const files = dropLine(twoNodes('bridge'), CLIENT, 'default');
    expect((await diagnose(files)).causes).toMatchObject([
      {
        cause: 'pod-route-missing',
        remedies: [{ command: 'ip route replace default via 10.244.1.1 dev eth0' }, {}],
      },
    ]);
  });

  it('is missing with the route to the gateway, on a node with no other pod', async () => {
    const all = Object.entries(twoNodes()).filter(([path]) => !path.includes('default_client-2'));
    const files = { ...Object.fromEntries(all), [CLIENT]: '' };
    expect((await diagnose(files)).causes).toMatchObject([
      {
        cause: 'pod-route-missing',
        text: expect.stringContaining("the node's end calia7a3e029a7b answers for it"),
        remedies: [
          {
            command:
              'ip route replace 169.254.1.1 dev eth0 scope link && ip route replace default via 169.254.1.1 dev eth0',
          },
          {},
        ],
      },
    ]);
  });

  it('leads to an address that nobody has', async () => {
    const files = change(twoNodes('bridge'), CLIENT, 'via 10.244.1.1 ', 'via 10.244.1.99 ');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      {
        cause: 'pod-route-missing',
        evidence: [lineOf(files, CLIENT, 'default')],
        remedies: [{ command: 'ip route replace default via 10.244.1.1 dev eth0' }, {}],
      },
    ]);
  });

  it('is missing for the answer', async () => {
    const files = dropLine(twoNodes(), 'nodes/n2/netns/default_web/ip-route.txt', 'default');
    expect((await diagnose(files)).causes).toMatchObject([
      { cause: 'pod-route-missing', direction: 'reply', subject: { kind: 'pod', name: 'default/web' } },
    ]);
  });

  it('of IPv6 is missing', async () => {
    const path = 'nodes/n1/netns/default_client/ip6-route.txt';
    const files = dropLine(twoNodes(), path, 'default');
    const { causes } = await diagnose(files, { from: 'pod/default/client', to: '[fd00:10:244:2::10]:8080' });
    expect(causes).toMatchObject([
      {
        cause: 'pod-route-missing',
        remedies: [{ command: 'ip -6 route replace default via fe80::ecee:eeff:feee:eeee dev eth0' }, {}],
      },
    ]);
  });
});

it('a route of a pod that swallows the packets is taken away', async () => {
  const files = addLines(twoNodes(), CLIENT, 'blackhole 10.244.2.0/24');
  expect((await diagnose(files)).causes).toMatchObject([
    {
      cause: 'pod-route-missing',
      evidence: [lineOf(files, CLIENT, 'blackhole')],
      remedies: [
        {
          command:
            'ip route del blackhole 10.244.2.0/24 && ip route replace default via 169.254.1.1 dev eth0',
        },
        {},
      ],
    },
  ]);
});

it('routes of the pod that were not collected are no cause', async () => {
  const { [CLIENT]: _, ...files } = twoNodes();
  const { conclusion, causes } = await diagnose(files);
  expect(conclusion).toBe('unknown');
  expect(causes).toEqual([]);
});
