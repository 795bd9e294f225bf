import { describe, expect, it } from 'vitest';
import { addLines, change, diagnose, lineOf, MODES, twoNodes } from '../../testing/two-nodes.ts';

const N1 = 'nodes/n1/sysctl.txt';
const N2 = 'nodes/n2/sysctl.txt';
const POD = 'nodes/n1/netns/default_client/ip-neigh.txt';
const OF_POD = 'net.ipv4.conf.calia7a3e029a7b.forwarding';

describe('forwarding of a node', () => {
  it.each(MODES)('%s: is off for all interfaces', async (mode) => {
    const off = change(twoNodes(mode), N2, 'ip_forward = 1', 'ip_forward = 0');
    const files = addLines(off, N2, 'net.ipv4.conf.eth0.forwarding = 0');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'forwarding-off',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, N2, 'ip_forward')],
        remedies: [{ command: 'sysctl -w net.ipv4.ip_forward=1', where: { node: 'n2' } }],
      },
    ]);
  });

  it.each([
    ['the pod knows the hardware address of the node', undefined],
    ['the pod got no answer', '169.254.1.1 dev eth0 FAILED\n'],
    ['the pod asks', ''],
  ])('is off for the interface of a pod: %s', async (_, neighbours) => {
    const off = change(twoNodes(), N1, `${OF_POD} = 1`, `${OF_POD} = 0`);
    const files = neighbours === undefined ? off : { ...off, [POD]: neighbours };
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'forwarding-off',
        evidence: [lineOf(files, N1, OF_POD)],
        remedies: [{ command: `sysctl -w ${OF_POD}=1`, where: { node: 'n1' } }],
      },
    ]);
    expect((await diagnose({ ...files, [N1]: twoNodes()[N1] ?? '' })).conclusion).toBe(
      neighbours?.includes('FAILED') === true ? 'unknown' : 'reachable',
    );
  });

  it('is off for IPv6', async () => {
    const files = change(
      twoNodes(),
      N1,
      'net.ipv6.conf.all.forwarding = 1',
      'net.ipv6.conf.all.forwarding = 0',
    );
    const { causes } = await diagnose(files, { from: 'pod/default/client', to: '[fd00:10:244:2::10]:8080' });
    expect(causes).toMatchObject([
      { cause: 'forwarding-off', remedies: [{ command: 'sysctl -w net.ipv6.conf.all.forwarding=1' }] },
    ]);
  });
});
