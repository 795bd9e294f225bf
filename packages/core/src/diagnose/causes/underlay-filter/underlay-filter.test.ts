import { describe, expect, it } from 'vitest';
import { addLines, change, diagnose, type Files, lineOf, twoNodes } from '../../testing/two-nodes.ts';

const N1 = 'nodes/n1/conntrack-list.txt';
const N2 = 'nodes/n2/conntrack-list.txt';
const LOST =
  'tcp      6 118 SYN_SENT src=10.244.1.10 dst=10.244.2.10 sport=40000 dport=8080 [UNREPLIED] src=10.244.2.10 dst=10.244.1.10 sport=8080 dport=40000 mark=0 use=1';
const OTHER =
  'tcp      6 431999 ESTABLISHED src=192.0.2.2 dst=192.0.2.1 sport=50000 dport=6443 src=192.0.2.1 dst=192.0.2.2 sport=6443 dport=50000 [ASSURED] mark=0 use=1';

function tried(files: Files, far: string, near: string = LOST): Files {
  return { ...files, [N1]: `${near}\n`, [N2]: `${far}\n` };
}

describe('a rule of a node against packets of the tunnel', () => {
  it.each([
    ['vxlan', '-A INPUT -p udp -m udp --dport 4789 -j DROP'],
    ['ipip', '-A INPUT -p ipencap -j DROP'],
  ] as const)('%s', async (mode, rule) => {
    const path = 'nodes/n2/iptables-legacy-save.txt';
    const files = change(twoNodes(mode), path, /^-A INPUT .*-j cali-INPUT$/, rule);
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'underlay-filter',
        effect: 'blocks',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, path, rule)],
        remedies: [{ command: expect.stringContaining('iptables-legacy'), where: { node: 'n2' } }, {}],
      },
    ]);
  });

  it('against packets of the pod it is another cause', async () => {
    const path = 'nodes/n2/iptables-legacy-save.txt';
    const files = change(
      twoNodes(),
      path,
      /^-A FORWARD .*-j cali-FORWARD$/,
      '-A FORWARD -p tcp -m tcp --dport 8080 -j DROP',
    );
    expect((await diagnose(files)).causes).toMatchObject([{ cause: 'filter-rule' }]);
  });
});

describe('a connection that was tried', () => {
  it.each([
    ['vxlan', 'UDP to port 4789'],
    ['ipip', 'IP protocol 4'],
    ['routed', 'packets with addresses of pods (10.244.2.10)'],
  ] as const)('%s: got no answer, and the other node has not seen it', async (mode, what) => {
    const files = tried(twoNodes(mode), OTHER);
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject([
      {
        cause: 'underlay-filter',
        effect: 'hazard',
        text: expect.stringContaining(what),
        evidence: [{ file: N1, line: 1 }, { file: N2 }],
      },
    ]);
  });

  it.each([
    ['the other node has seen it', LOST, LOST],
    ['it got an answer', OTHER, LOST.replace('[UNREPLIED] ', '')],
    [
      'another one got an answer',
      OTHER,
      `${LOST}\n${LOST.replace('[UNREPLIED] ', '').replaceAll('40000', '40001')}`,
    ],
  ])('says nothing where %s', async (_, far, near) => {
    expect((await diagnose(tried(twoNodes(), far, near))).causes).toEqual([]);
  });

  it('has not been seen by a node that has seen nothing at all', async () => {
    const files = { ...tried(twoNodes(), ''), [N2]: '' };
    expect((await diagnose(files)).causes).toMatchObject([{ cause: 'underlay-filter', effect: 'hazard' }]);
    const untracked = { ...files, 'nodes/n2/iptables-legacy-save.txt': '' };
    expect((await diagnose(untracked)).causes).toEqual([]);
  });

  it('says nothing where only one node was asked', async () => {
    expect((await diagnose(addLines(twoNodes(), N1, LOST))).causes).toEqual([]);
  });
});
