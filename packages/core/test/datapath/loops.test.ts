import { describe, expect, it } from 'vitest';
import { traceFlow } from '../../src/datapath/trace.ts';
import { networkOf } from './network-of.ts';

/** Two nodes that send 10.9.0.0/16 to each other. */
function loop(rules: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [1, 2].flatMap((own) => {
      const other = 3 - own;
      return [
        [
          `nodes/n${own}/ip-addr.txt`,
          `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n    link/ether 02:00:00:00:00:0${own} brd ff:ff:ff:ff:ff:ff\n    inet 192.0.2.${own}/24 scope global eth0\n`,
        ],
        [
          `nodes/n${own}/ip-route.txt`,
          `192.0.2.0/24 dev eth0 scope link src 192.0.2.${own}\n10.9.0.0/16 via 192.0.2.${other} dev eth0\n`,
        ],
        [`nodes/n${own}/sysctl.txt`, 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n'],
        [`nodes/n${own}/nft-ruleset.txt`, ''],
        [
          `nodes/n${own}/iptables-legacy-save.txt`,
          `*filter\n:FORWARD ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n`,
        ],
      ];
    }),
  );
}

// From outside: a packet of a node itself would be dropped when it comes back to it.
const QUESTION = { from: '203.0.113.9', to: '10.9.0.1:80', in: 'n1/eth0' };

describe('packets that go in circles', () => {
  it('expire', async () => {
    const answer = traceFlow(await networkOf(loop([])), QUESTION);
    expect(answer).toMatchObject({ paths: [{ probability: 1, disposition: 'ttl-expired' }] });
  });

  it.each([
    ['chance', '-A FORWARD -m statistic --mode random --probability 0.1 -j DROP'],
    ['chance without an end', '-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT'],
    ['a rule that nobody knows', '-A FORWARD -m nobody-knows --this -j DROP'],
  ])('are followed only so far where %s decides at every turn', async (_, rule) => {
    const answer = traceFlow(await networkOf(loop([rule])), QUESTION);
    if ('error' in answer) throw new Error(answer.error.message);
    const sum = answer.paths.reduce((total, { probability }) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 6);
    const seen = new Set(answer.paths.map(({ disposition }) => disposition));
    expect(seen).not.toContain('delivered');
  });
});
