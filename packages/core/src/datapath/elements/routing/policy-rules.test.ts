import { describe, expect, it } from 'vitest';
import { ask, dispositions, type Files, NODE } from '../../../../test/datapath/one-node.ts';

const base: Files = { ...NODE, 'nodes/n1/nft-ruleset.txt': '', 'nodes/n1/iptables-legacy-save.txt': '' };

/** The node with a rule before those it starts with, and a table 100 that loses every packet. */
function withRule(text: string, files: Files = {}): Files {
  return {
    ...base,
    'nodes/n1/ip-rule.txt': `0:\tfrom all lookup local\n100:\t${text}\n32766:\tfrom all lookup main\n`,
    'nodes/n1/ip-route.txt': `${NODE['nodes/n1/ip-route.txt']}local 192.0.2.1 dev eth0 table local scope host\nblackhole default table 100\n`,
    ...files,
  };
}

const question = { from: '192.0.2.1', to: '203.0.113.1:80', sourcePort: 40_000 };

describe('a rule that holds leads to its table', () => {
  it.each([
    ['from all lookup 100', 'dropped'],
    ['from all ipproto tcp lookup 100', 'dropped'],
    ['from all ipproto udp lookup 100', 'left-network'],
    ['from all ipproto tcp dport 80 lookup 100', 'dropped'],
    ['from all ipproto tcp dport 81-90 lookup 100', 'left-network'],
    ['from all sport 40000 lookup 100', 'dropped'],
    ['from all sport 1-1024 lookup 100', 'left-network'],
    ['not from all dport 443 lookup 100', 'dropped'],
    ['from all tos 0x10 lookup 100', 'left-network'],
    ['not from all tos 0x10 lookup 100', 'dropped'],
    ['from all oif eth0 lookup 100', 'left-network'],
    ['from all iif lo lookup 100', 'dropped'],
    ['from all iif eth0 lookup 100', 'left-network'],
    ['from all lookup [l3mdev-table]', 'left-network'],
    ['from all fwmark 0x8/0x8 lookup 100', 'left-network'],
    ['not from all fwmark 0x8/0x8 lookup 100', 'dropped'],
    ['from all goto 32766', 'left-network'],
    ['from all lookup 100 suppress_prefixlength 0', 'left-network'],
  ])('%s: %s', async (rule, disposition) => {
    const answer = await ask(withRule(rule), question);
    expect(dispositions(answer)).toEqual([disposition]);
    expect(answer.notModelled).toEqual([]);
  });

  it.each([
    ['from all uidrange 0-99 lookup 100', 'uidrange 0-99'],
    ['from all tun_id 5 lookup 100', 'tun_id 5'],
  ])('%s can not be known', async (rule, text) => {
    const answer = await ask(withRule(rule), question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toMatchObject([
      { text: expect.stringContaining(text), couldChangeAnswer: true },
    ]);
  });

  it('a port that the question does not name can not be known', async () => {
    const { sourcePort: _, ...open } = question;
    const answer = await ask(withRule('from all sport 1-1024 lookup 100'), open);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(dispositions(await ask(withRule('from all ipproto udp sport 1-1024 lookup 100'), open))).toEqual([
      'left-network',
    ]);
  });
});

it('a port that nobody knows does not take the way back from a packet that comes in', async () => {
  const incoming = { from: '192.0.2.7', in: 'n1/eth0', to: '192.0.2.1:80' };
  const files = withRule('from all ipproto tcp dport 1-1024 lookup 100');
  expect(dispositions(await ask(files, incoming))).toEqual(['delivered']);
  // The answer goes to the port that the packet came from.
  expect(dispositions(await ask(files, { ...incoming, sourcePort: 1000 }))).toEqual(['dropped']);
});

describe('suppress_ifgroup', () => {
  const rule = 'from all lookup main suppress_ifgroup 7';
  const after = `0:\tfrom all lookup local\n100:\t${rule}\n200:\tfrom all unreachable\n`;
  const files = (group: string): Files => ({
    ...withRule(rule),
    'nodes/n1/ip-rule.txt': after,
    'nodes/n1/ip-addr.txt': (NODE['nodes/n1/ip-addr.txt'] ?? '').replaceAll('group default', group),
  });

  it.each([
    ['group default', 'left-network'],
    ['group 7', 'no-route'],
    ['', 'unknown'],
  ])('with devices of "%s": %s', async (group, disposition) => {
    expect(dispositions(await ask(files(group), question))).toEqual([disposition]);
  });
});

describe('routes', () => {
  it.each([
    ['default encap mpls 100 via 192.0.2.9 dev eth0', 'encap mpls'],
    ['default nhid 12', 'does not say where it leads'],
  ])('%s is named', async (route, text) => {
    const answer = await ask({ ...base, 'nodes/n1/ip-route.txt': `${route}\n` }, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toMatchObject([
      {
        file: 'nodes/n1/ip-route.txt',
        line: 1,
        text: expect.stringContaining(text),
        couldChangeAnswer: true,
      },
    ]);
  });

  it('several ways are all taken, by their weights', async () => {
    const route =
      'default nhid 13\n\tnexthop via 192.0.2.8 dev eth0 weight 3\n\tnexthop via 198.51.100.9 dev eth2 weight 1\n';
    const answer = await ask(
      { ...base, 'nodes/n1/ip-route.txt': route, 'nodes/n1/ip-neigh.txt': '' },
      question,
    );
    expect(answer.paths.map(({ probability, at }) => [probability, at.interface])).toEqual([
      [0.75, 'eth0'],
      [0.25, 'eth2'],
    ]);
  });

  it('IPv6 routes of the same metric are ways of one', async () => {
    const files = {
      ...base,
      'nodes/n1/ip-addr.txt': `${NODE['nodes/n1/ip-addr.txt']}    inet6 fd00::1/64 scope global\n`,
      'nodes/n1/ip6-rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n',
      'nodes/n1/ip6-route.txt': [
        'fd00::/64 dev eth2 metric 256 pref medium',
        'default metric 1024 pref medium',
        '\tnexthop via fd00::8 dev eth2 weight 1',
        '\tnexthop via fd00::9 dev eth2 weight 1',
        '',
      ].join('\n'),
    };
    const answer = await ask(files, { from: 'fd00::1', to: '[2001:db8::1]:80' });
    expect(dispositions(answer)).toEqual(['left-network']);
    const details = answer.paths.flatMap(({ steps }) => steps.map(({ detail }) => detail));
    expect(details.some((detail) => /via fd00::[89]/.test(detail ?? ''))).toBe(true);
  });
});
