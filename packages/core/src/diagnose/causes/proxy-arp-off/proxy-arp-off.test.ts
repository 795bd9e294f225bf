import { expect, it } from 'vitest';
import { change, diagnose, dropLine, type Files, lineOf, MODES, twoNodes } from '../../testing/two-nodes.ts';

const SYSCTL = 'nodes/n1/sysctl.txt';
const KEY = 'net.ipv4.conf.calia7a3e029a7b.proxy_arp';
const NEIGHBOURS = 'nodes/n1/netns/default_client/ip-neigh.txt';

function off(files: Files): Files {
  return change(files, SYSCTL, `${KEY} = 1`, `${KEY} = 0`);
}

it.each(MODES.filter((mode) => mode !== 'bridge'))('%s: nobody answers for the gateway', async (mode) => {
  for (const neighbours of ['', '169.254.1.1 dev eth0 FAILED\n', '169.254.1.1 dev eth0 INCOMPLETE\n']) {
    const files = { ...off(twoNodes(mode)), [NEIGHBOURS]: neighbours };
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'proxy-arp-off',
        effect: 'blocks',
        subject: { kind: 'pod', name: 'default/client' },
        evidence: [lineOf(files, SYSCTL, KEY)],
        remedies: [{ command: `sysctl -w ${KEY}=1`, where: { node: 'n1' } }, {}],
      },
    ]);
    const repaired = { ...files, [SYSCTL]: twoNodes(mode)[SYSCTL] ?? '', [NEIGHBOURS]: '' };
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  }
});

it('is only a hazard while the pod still knows the hardware address', async () => {
  const { conclusion, causes } = await diagnose(off(twoNodes()));
  expect(conclusion).toBe('reachable');
  expect(causes).toMatchObject([{ cause: 'proxy-arp-off', effect: 'hazard' }]);
});

it('is no hazard where the pod has a fixed entry', async () => {
  const files = change(off(twoNodes()), NEIGHBOURS, 'REACHABLE', 'PERMANENT');
  expect((await diagnose(files)).causes).toEqual([]);
});

it('the node answers only for what it has a route to', async () => {
  const files = { ...dropLine(twoNodes(), 'nodes/n1/ip-route.txt', 'default'), [NEIGHBOURS]: '' };
  expect((await diagnose(files)).causes).toMatchObject([
    {
      cause: 'proxy-arp-off',
      text: expect.stringContaining('has no route'),
      remedies: [{ command: 'ip route replace 169.254.1.1 dev eth0 scope link', where: { node: 'n1' } }],
    },
  ]);
});

it('is not named where the setting was not collected', async () => {
  const files = { ...dropLine(twoNodes(), SYSCTL, KEY), [NEIGHBOURS]: '' };
  const known = await diagnose(dropLine(files, SYSCTL, 'calia7a3e029a7b'));
  expect(known.causes.map(({ cause }) => cause)).not.toContain('proxy-arp-off');
});
