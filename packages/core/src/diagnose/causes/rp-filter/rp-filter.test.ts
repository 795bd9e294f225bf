import { expect, it } from 'vitest';
import { addLines, change, diagnose, lineOf, twoNodes } from '../../testing/two-nodes.ts';

const ROUTES = 'nodes/n2/ip-route.txt';
const SYSCTL = 'nodes/n2/sysctl.txt';

/** n2 would answer without the tunnel. */
const ASYMMETRIC = change(
  change(twoNodes(), 'nodes/n1/sysctl.txt', 'eth0.rp_filter = 1', 'eth0.rp_filter = 0'),
  ROUTES,
  '10.244.1.0/26 via 10.244.1.0 dev vxlan.calico onlink',
  '10.244.1.0/26 via 192.0.2.1 dev eth0 proto 80 onlink',
);

it.each([
  ['all', 'net.ipv4.conf.all.rp_filter = 0', 'net.ipv4.conf.all.rp_filter = 1'],
  [
    'vxlan.calico',
    'net.ipv4.ip_forward = 1',
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.vxlan/calico.rp_filter = 1',
  ],
])('strict mode of %s drops what would be answered by another interface', async (name, before, after) => {
  const files = change(ASYMMETRIC, SYSCTL, before, after);
  const { conclusion, causes } = await diagnose(files);
  expect(conclusion).toBe('unreachable');
  expect(causes).toMatchObject([
    {
      cause: 'rp-filter',
      effect: 'blocks',
      subject: { kind: 'node', name: 'n2' },
      text: expect.stringContaining('answers would go by "10.244.1.0/26 via 192.0.2.1 dev eth0"'),
      evidence: [
        lineOf(files, SYSCTL, `conf.${name.replace('.', '/')}.rp_filter`),
        lineOf(files, ROUTES, '10.244.1.0/26'),
      ],
      remedies: [
        { command: 'sysctl -w net.ipv4.conf.vxlan/calico.rp_filter=2', where: { node: 'n2' } },
        { command: 'ip route replace 10.244.1.0/26 via 10.244.1.0 dev vxlan.calico onlink' },
      ],
    },
  ]);
  const loose =
    name === 'all'
      ? addLines(files, SYSCTL, 'net.ipv4.conf.vxlan/calico.rp_filter = 2')
      : change(files, SYSCTL, 'vxlan/calico.rp_filter = 1', 'vxlan/calico.rp_filter = 2');
  expect((await diagnose(loose)).causes.map(({ cause }) => cause)).not.toContain('rp-filter');
});

it('an interface without an address can not be loose', async () => {
  const files = change(
    change(
      twoNodes(),
      'nodes/n1/ip-route.txt',
      '10.244.1.10 dev calia7a3e029a7b',
      '10.244.1.10 dev calibe3a7da14d6',
    ),
    'nodes/n1/sysctl.txt',
    'net.ipv4.conf.all.rp_filter = 0',
    'net.ipv4.conf.all.rp_filter = 2',
  );
  expect((await diagnose(files)).causes).toMatchObject([
    {
      cause: 'rp-filter',
      remedies: [{ command: 'sysctl -w net.ipv4.conf.all.rp_filter=0', where: { node: 'n1' } }],
    },
  ]);
});

it('the way back without the tunnel is no cause where nothing filters', async () => {
  expect((await diagnose(ASYMMETRIC)).causes).toEqual([]);
});
