import { describe, expect, it } from 'vitest';
import { addLines, change, diagnose, dropLine, lineOf, twoNodes, without } from '../../testing/two-nodes.ts';

const SETS = 'nodes/n2/ipset-save.txt';
const RULES = 'nodes/n2/iptables-legacy-save.txt';
const TUNNELS = [
  ['vxlan', 'cali40all-vxlan-net'],
  ['ipip', 'cali40all-hosts-net'],
] as const;

describe('tunnel-peer-filtered', () => {
  it.each(TUNNELS)('%s: names the set that the sender is missing from', async (mode, set) => {
    const healthy = twoNodes(mode);
    const files = dropLine(healthy, SETS, `add ${set} 192.0.2.1`);
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'tunnel-peer-filtered',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, RULES, 'from non-Calico hosts'), lineOf(files, SETS, `create ${set} `)],
        remedies: [{ command: `ipset add ${set} 192.0.2.1`, where: { node: 'n2' } }, { kind: 'restart' }],
      },
    ]);
    const repaired = addLines(files, SETS, `add ${set} 192.0.2.1`);
    expect(await diagnose(repaired)).toMatchObject({ conclusion: 'reachable', causes: [] });
  });

  it('names it for the answer', async () => {
    const files = dropLine(twoNodes(), 'nodes/n1/ipset-save.txt', 'add cali40all-vxlan-net 192.0.2.2');
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([
      { cause: 'tunnel-peer-filtered', direction: 'reply', subject: { name: 'n1' } },
    ]);
  });

  it('blames the rule where the sender is no known node', async () => {
    const files = dropLine(twoNodes(), SETS, 'add cali40all-vxlan-net 192.0.2.1');
    const renamed = change(files, 'cluster/nodes.json', /192\.0\.2\.1(?=["/])/, '192.0.2.77');
    expect((await diagnose(renamed)).causes.map(({ cause }) => cause)).not.toContain('tunnel-peer-filtered');
    const unknown = without(files, 'cluster/nodes.json');
    expect((await diagnose(unknown)).causes.map(({ cause }) => cause)).not.toContain('tunnel-peer-filtered');
  });

  it('works with sets of nftables', async () => {
    const table = [
      'table ip calico {',
      '\tset cali40all-vxlan-net {',
      '\t\ttype ipv4_addr',
      '\t\tflags interval',
      '\t\telements = { 192.0.2.2 }',
      '\t}',
      '\tchain filter-INPUT {',
      '\t\ttype filter hook input priority filter; policy accept;',
      '\t\tjump filter-cali-INPUT',
      '\t}',
      '\tchain filter-cali-INPUT {',
      '\t\tudp dport 4789 ip saddr @cali40all-vxlan-net accept',
      '\t\tudp dport 4789 drop',
      '\t}',
      '}',
    ];
    const files = addLines(twoNodes(), 'nodes/n2/nft-ruleset.txt', ...table);
    const { causes } = await diagnose(files);
    expect(causes[0]).toMatchObject({
      cause: 'tunnel-peer-filtered',
      remedies: [{ command: 'nft add element ip calico cali40all-vxlan-net { 192.0.2.1 }' }, {}],
    });
  });
});
