import { describe, expect, it } from 'vitest';
import {
  addLines,
  CLIENT_TO_WEB,
  change,
  diagnose,
  dropLine,
  lineOf,
  twoNodes,
} from '../../testing/two-nodes.ts';

const CLIENT = 'nodes/n1/netns/default_client/ip-addr.txt';
const N1_ROUTES = 'nodes/n1/ip-route.txt';
const TWICE = addLines(twoNodes(), CLIENT, '    inet 10.244.2.10/32 scope global eth0');

describe('a pod that has the address of another one as well', () => {
  it('is where its own packets end', async () => {
    const { conclusion, causes } = await diagnose(TWICE);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'address-conflict',
        effect: 'blocks',
        subject: { kind: 'pod', name: 'default/client' },
        text: expect.stringContaining('It belongs to pod default/web on n2'),
        evidence: [lineOf(TWICE, CLIENT, 'eth0@'), { file: 'nodes/n2/netns/default_web/ip-addr.txt' }],
        remedies: [
          { command: 'ip addr del 10.244.2.10/32 dev eth0', where: { node: 'n1', netns: 'default_client' } },
          {},
        ],
      },
    ]);
  });

  it('gets the packets of its node where the node has a route to it', async () => {
    const files = addLines(TWICE, N1_ROUTES, '10.244.2.10 dev calia7a3e029a7b scope link');
    const question = { ...CLIENT_TO_WEB, from: 'node/n1' };
    expect((await diagnose(files, question)).causes).toMatchObject([
      {
        cause: 'address-conflict',
        effect: 'blocks',
        remedies: [
          { command: 'ip route del 10.244.2.10/32 dev calia7a3e029a7b', where: { node: 'n1' } },
          { command: 'ip addr del 10.244.2.10/32 dev eth0' },
          {},
        ],
      },
    ]);
    const repaired = dropLine(files, N1_ROUTES, '10.244.2.10 dev');
    const after = await diagnose(repaired, question);
    expect(after.conclusion).toBe('reachable');
    expect(after.causes.filter(({ effect }) => effect === 'blocks')).toEqual([]);
  });

  it('leaves a route behind that leads nowhere', async () => {
    const files = addLines(twoNodes(), N1_ROUTES, '10.244.2.10 dev calia7a3e029a7b scope link');
    expect((await diagnose(files, { ...CLIENT_TO_WEB, from: 'node/n1' })).causes).toMatchObject([
      {
        cause: 'host-route-missing',
        remedies: [
          { command: expect.stringMatching(/^ip route del 10.244.2.10\/32 dev calia7a3e029a7b && ip route/) },
          {},
        ],
      },
    ]);
  });

  it('is a hazard for packets that reach the right one', async () => {
    const { conclusion, causes } = await diagnose(TWICE, { ...CLIENT_TO_WEB, from: 'pod/default/client-2' });
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject([{ cause: 'address-conflict', effect: 'hazard' }]);
  });
});

describe('an address of a pod on kube-ipvs0', () => {
  const device = [
    '9: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default',
    '    link/ether 5a:00:00:00:00:09 brd ff:ff:ff:ff:ff:ff',
    '    inet 10.244.2.10/32 scope global kube-ipvs0',
  ];
  it('keeps the packets on the node', async () => {
    const base = addLines(twoNodes(), 'nodes/n1/ip-addr.txt', ...device);
    const files = addLines(
      base,
      N1_ROUTES,
      'local 10.244.2.10 dev kube-ipvs0 table local proto kernel scope host src 10.244.2.10',
    );
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'address-conflict',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n1' },
        evidence: [lineOf(files, 'nodes/n1/ip-addr.txt', 'kube-ipvs0:'), {}],
        remedies: [{ command: 'ip addr del 10.244.2.10/32 dev kube-ipvs0', where: { node: 'n1' } }, {}],
      },
    ]);
  });
});

it('an answer that goes to a pod with the address of the one that asked', async () => {
  const path = 'nodes/n2/netns/default_web-2/ip-addr.txt';
  const base = addLines(twoNodes(), path, '    inet 10.244.1.10/32 scope global eth0');
  const files = change(
    addLines(base, 'nodes/n2/ip-route.txt', '10.244.1.10 dev cali9fb0db7f13e scope link'),
    'nodes/n2/sysctl.txt',
    /^net.ipv4.conf.eth0.rp_filter = 1$/,
    'net.ipv4.conf.eth0.rp_filter = 0',
  );
  expect((await diagnose(files)).causes).toMatchObject([
    {
      cause: 'address-conflict',
      effect: 'blocks',
      direction: 'reply',
      subject: { kind: 'pod', name: 'default/web-2' },
    },
  ]);
});
