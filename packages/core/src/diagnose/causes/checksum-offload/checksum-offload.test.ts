import { describe, expect, it } from 'vitest';
import { change, diagnose, type Files, lineOf, twoNodes } from '../../testing/two-nodes.ts';

const FEATURES = 'nodes/n1/ethtool-features/vxlan.calico.txt';
const RULES = 'nodes/n1/iptables-legacy-save.txt';
const QUESTION = { from: 'node/n1', to: 'service/default/web:80' };

function offload(state: string, files: Files): Files {
  return {
    ...files,
    [FEATURES]: `Features for vxlan.calico:\nrx-checksumming: on\ntx-checksumming: ${state}\n\ttx-checksum-ip-generic: ${state}\n`,
  };
}

/** The mark of kube-proxy stays on the packet, and the packet of the tunnel is tracked. */
const TRANSLATED = change(
  change(twoNodes(), RULES, /^-A KUBE-POSTROUTING -j MARK.*\n/, ''),
  RULES,
  /^.*-j NOTRACK\n/,
  '',
);

describe('the packet of the tunnel is masqueraded', () => {
  it('and its checksum is left to hardware', async () => {
    const files = offload('on', TRANSLATED);
    const { conclusion, causes } = await diagnose(files, QUESTION);
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject([
      {
        cause: 'checksum-offload',
        effect: 'hazard',
        subject: { kind: 'node', name: 'n1' },
        evidence: [lineOf(files, FEATURES, 'tx-checksum-ip-generic')],
        remedies: [
          { command: 'ethtool -K vxlan.calico tx-checksum-ip-generic off', where: { node: 'n1' } },
          { kind: 'upgrade' },
        ],
      },
    ]);
  });

  it.each([
    ['its checksum is computed by the kernel', offload('off', TRANSLATED)],
    ['nobody looked', TRANSLATED],
  ])('and %s', async (_, files) => {
    expect((await diagnose(files, QUESTION)).causes).toEqual([]);
  });
});

it('left to hardware alone it does no harm', async () => {
  expect((await diagnose(offload('on', twoNodes()), QUESTION)).causes).toEqual([]);
  expect((await diagnose(offload('on', TRANSLATED))).causes).toEqual([]);
});
