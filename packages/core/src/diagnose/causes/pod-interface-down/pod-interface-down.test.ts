import { describe, expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  MODES,
  twoNodes,
} from '../../testing/two-nodes.ts';

const WEB = 'nodes/n2/netns/default_web';
const N2 = 'nodes/n2';
const UP = ',UP,LOWER_UP';
const CALICO = MODES.filter((mode) => mode !== 'bridge');

function down(files: Files, path: string, device: string): Files {
  return change(files, path, new RegExp(`(${device}@.*)${UP}(.*)state UP`), '$1$2state DOWN');
}

/** The kernel takes the routes of an interface away when it goes down. */
function insideDown(files: Files): Files {
  return { ...down(files, `${WEB}/ip-addr.txt`, 'eth0'), [`${WEB}/ip-route.txt`]: '' };
}

describe('eth0 in the pod', () => {
  it.each(CALICO)('%s: is down', async (mode) => {
    const files = insideDown(twoNodes(mode));
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'pod-interface-down',
        effect: 'blocks',
        subject: { kind: 'pod', name: 'default/web' },
        evidence: [lineOf(files, `${WEB}/ip-addr.txt`, 'eth0@')],
        remedies: [
          {
            command: expect.stringMatching(
              /^ip link set eth0 up && ip route replace 169.254.1.1 dev eth0 scope link && ip route replace default via 169.254.1.1 dev eth0/,
            ),
            where: { node: 'n2', netns: 'default_web' },
          },
          {},
        ],
      },
    ]);
  });

  it('of the sender is down', async () => {
    const { causes } = await diagnose(insideDown(twoNodes()), {
      from: 'pod/default/web',
      to: 'pod/default/client:80',
    });
    expect(causes).toMatchObject([{ cause: 'pod-interface-down', direction: 'request' }]);
  });

  it('on a bridge is down', async () => {
    const { causes } = await diagnose(insideDown(twoNodes('bridge')));
    expect(causes).toMatchObject([
      {
        cause: 'pod-interface-down',
        remedies: [
          {
            command: expect.stringMatching(
              /^ip link set eth0 up && ip route replace 10.244.2.0\/24 dev eth0 proto kernel scope link src 10.244.2.10 && ip route replace default via 10.244.2.1 dev eth0/,
            ),
          },
          {},
        ],
      },
    ]);
  });
});

describe("the node's end", () => {
  it.each(CALICO)('%s: is down, and the route with it', async (mode) => {
    const without = dropLine(twoNodes(mode), `${N2}/ip-route.txt`, '10.244.2.10 ');
    const files = down(
      dropLine(without, `${N2}/ip6-route.txt`, '::10 '),
      `${N2}/ip-addr.txt`,
      'cali68caf03a5f4',
    );
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'pod-interface-down',
        evidence: [lineOf(files, `${N2}/ip-addr.txt`, 'cali68caf03a5f4@')],
        remedies: [
          {
            command:
              'ip link set cali68caf03a5f4 up && ip route replace 10.244.2.10 dev cali68caf03a5f4 scope link && ip -6 route replace fd00:10:244:2::10 dev cali68caf03a5f4',
            where: { node: 'n2' },
          },
          {},
        ],
      },
    ]);
    const repaired = addLines(
      { ...files, [`${N2}/ip-addr.txt`]: twoNodes(mode)[`${N2}/ip-addr.txt`] ?? '' },
      `${N2}/ip-route.txt`,
      '10.244.2.10 dev cali68caf03a5f4 scope link',
    );
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  });

  it('is down as a port of a bridge', async () => {
    const files = down(twoNodes('bridge'), `${N2}/ip-addr.txt`, 'cali68caf03a5f4');
    expect((await diagnose(files)).causes).toMatchObject([
      { cause: 'pod-interface-down', remedies: [{ command: 'ip link set cali68caf03a5f4 up' }, {}] },
    ]);
  });

  it('is missing', async () => {
    const text = twoNodes()[`${N2}/ip-addr.txt`] ?? '';
    const files = dropLine(
      { ...twoNodes(), [`${N2}/ip-addr.txt`]: text.replace(/\d+: cali68caf03a5f4[\s\S]*?scope link\n/, '') },
      `${N2}/ip-route.txt`,
      '10.244.2.10 ',
    );
    expect((await diagnose(files)).causes).toMatchObject([
      { cause: 'pod-interface-down', text: expect.stringContaining('no interface with index 20') },
    ]);
  });
});

it('is not blamed for a loss elsewhere', async () => {
  const files = dropLine(insideDown(twoNodes()), 'nodes/n1/netns/default_client/ip-route.txt', 'default');
  expect((await diagnose(files)).causes).toMatchObject([{ cause: 'pod-route-missing' }]);
});
