import { describe, expect, it } from 'vitest';
import type { TraceQuestion } from '../../../datapath/model/answer.ts';
import {
  addLines,
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  twoNodes,
} from '../../testing/two-nodes.ts';

const RULES = 'nodes/n2/iptables-legacy-save.txt';
const NFT = 'nodes/n2/nft-ruleset.txt';
const healthy = twoNodes();

/** The rule stands before those of Calico. */
function withRule(rule: string): Files {
  return change(healthy, RULES, /^(-A FORWARD .*cali-FORWARD)$/, `${rule}\n$1`);
}

describe('filter-rule', () => {
  it('names the rule that drops the packet and the command that deletes it', async () => {
    const files = withRule('-A FORWARD -p tcp -m tcp --dport 8080 -j DROP');
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'filter-rule',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, RULES, '--dport 8080 -j DROP')],
        remedies: [
          {
            command: 'iptables-legacy -t filter -D FORWARD -p tcp -m tcp --dport 8080 -j DROP',
            where: { node: 'n2' },
          },
          { kind: 'manual' },
        ],
      },
    ]);
    expect(causes[0]?.text).toContain('drops tcp from 10.244.1.10 to 10.244.2.10:8080');
    expect(causes[0]?.text).toContain('made by hand');
  });

  it('deletes a rule as often as it is there', async () => {
    const rule = '-A FORWARD -d 10.244.2.10/32 -j REJECT --reject-with icmp-port-unreachable';
    const { causes } = await diagnose(withRule(`${rule}\n${rule}`));
    const command =
      'iptables-legacy -t filter -D FORWARD -d 10.244.2.10/32 -j REJECT --reject-with icmp-port-unreachable';
    expect(causes[0]?.remedies[0]?.command).toBe(`${command}\n${command}`);
  });

  it('deletes by number what a shell would read in another way', async () => {
    const { causes } = await diagnose(withRule('-A FORWARD -m comment --comment "$(x)" -j DROP'));
    expect(causes[0]?.remedies[0]?.command).toBe('iptables-legacy -t filter -D FORWARD 1');
  });

  it('deletes nothing of what the network plugin or kube-proxy needs', async () => {
    const files = change(
      healthy,
      RULES,
      /^(-A FORWARD .*cali-FORWARD)$/,
      '-A FORWARD -j KUBE-FIREWALL\n$1\n-A KUBE-FIREWALL -p tcp -m tcp --dport 8080 -j DROP',
    );
    const { causes } = await diagnose(
      change(files, RULES, ':FORWARD ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]'),
    );
    expect(causes).toMatchObject([{ cause: 'filter-rule', remedies: [{ kind: 'manual' }] }]);
    expect(causes[0]?.text).toContain('Owner: kube-proxy');
  });

  it('says of a loss in the answer that it is the answer', async () => {
    const { conclusion, causes } = await diagnose(withRule('-A FORWARD -p tcp -m tcp --sport 8080 -j DROP'));
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([{ cause: 'filter-rule', direction: 'reply' }]);
  });

  it('accepts both directions before a policy that drops', async () => {
    const dropping = dropLine(
      change(healthy, RULES, ':FORWARD ACCEPT', ':FORWARD DROP'),
      RULES,
      'Policy explicitly accepted packet.',
    );
    const { causes } = await diagnose(dropping);
    expect(causes).toMatchObject([
      { cause: 'filter-rule', evidence: [lineOf(dropping, RULES, ':FORWARD DROP')] },
    ]);
    const command = causes[0]?.remedies[0]?.command ?? '';
    expect(command.split('\n')).toEqual([
      'iptables-legacy -t filter -A FORWARD -s 10.244.1.10 -d 10.244.2.10 -j ACCEPT',
      'iptables-legacy -t filter -A FORWARD -s 10.244.2.10 -d 10.244.1.10 -j ACCEPT',
    ]);
    const rules = command.replaceAll('iptables-legacy -t filter ', '').split('\n');
    const table = dropping[RULES] ?? '';
    const end = table.lastIndexOf('COMMIT');
    const repaired = { ...dropping, [RULES]: `${table.slice(0, end)}${rules.join('\n')}\nCOMMIT\n` };
    expect((await diagnose(repaired)).conclusion).toBe('reachable');
  });

  it('finds Docker behind a policy that drops', async () => {
    const dropping = dropLine(
      change(healthy, RULES, ':FORWARD ACCEPT [0:0]', ':FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]'),
      RULES,
      'Policy explicitly accepted packet.',
    );
    const { causes } = await diagnose(dropping);
    expect(causes[0]?.text).toContain('Owner: Docker');
    expect(causes[0]?.remedies[1]?.text).toContain('ip-forward-no-drop');
  });

  const table = (rules: string) =>
    [
      'table inet firewalld {',
      '\tchain filter_FORWARD {',
      '\t\ttype filter hook forward priority filter + 10; policy accept;',
      rules,
      '\t}',
      '}',
    ].join('\n');

  it('finds the handle of a rule of nftables by its position', async () => {
    const files = addLines(healthy, NFT, table('\t\tct state established accept\n\t\ttcp dport 8080 drop'));
    const { causes } = await diagnose(files);
    expect(causes).toMatchObject([{ cause: 'filter-rule', evidence: [lineOf(files, NFT, 'dport 8080')] }]);
    expect(causes[0]?.text).toContain('Owner: firewalld');
    expect(causes[0]?.remedies[0]?.command).toBe(
      "nft delete rule inet firewalld filter_FORWARD handle $(nft -a list chain inet firewalld filter_FORWARD | grep -v '{ # handle' | sed -n 's/.*# handle //p' | sed -n 2p)",
    );
  });

  it('takes the handle where it is shown, and no command for what a map decides', async () => {
    const shown = await diagnose(addLines(healthy, NFT, table('\t\ttcp dport 8080 drop # handle 17')));
    expect(shown.causes[0]?.remedies[0]?.command).toBe(
      'nft delete rule inet firewalld filter_FORWARD handle 17',
    );
    const map = await diagnose(addLines(healthy, NFT, table('\t\ttcp dport vmap { 8080 : drop }')));
    expect(map.causes).toMatchObject([{ cause: 'filter-rule' }]);
    expect(map.causes[0]?.remedies[0]).not.toHaveProperty('command');
  });

  describe('neighbour discovery', () => {
    const RULES6 = 'nodes/n2/ip6tables-legacy-save.txt';
    const NEIGHBOURS = 'nodes/n1/ip6-neigh.txt';
    const toWeb6: TraceQuestion = { from: 'node/n1', to: '[2001:db8::2]:8080' };
    const filter = (...rules: readonly string[]): Files => ({
      ...healthy,
      [RULES6]: ['*filter', ...rules, 'COMMIT', ''].join('\n'),
      [NEIGHBOURS]: '',
    });
    const chains = [':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
    const rule = '-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j DROP';

    it.each([
      ['', 'no entry'],
      ['2001:db8::2 dev eth0 FAILED\n', 'an entry that failed'],
    ])('the rule is to blame, not the entry: %j', async (entry) => {
      const files = { ...filter(...chains, rule), [NEIGHBOURS]: entry };
      const { conclusion, causes } = await diagnose(files, toWeb6);
      expect(conclusion).toBe('unreachable');
      expect(causes).toMatchObject([
        {
          cause: 'filter-rule',
          effect: 'blocks',
          subject: { kind: 'node', name: 'n2' },
          evidence: [lineOf(files, RULES6, rule)],
          remedies: [
            { command: rule.replace('-A', 'ip6tables-legacy -t filter -D'), where: { node: 'n2' } },
            { kind: 'manual' },
          ],
        },
      ]);
      expect(causes[0]?.text).toContain(
        'drops the neighbour solicitation from 2001:db8::1 to ff02::1:ff00:2: -p ipv6-icmp',
      );
      const repaired = { ...filter(...chains), [NEIGHBOURS]: '' };
      expect((await diagnose(repaired, toWeb6)).conclusion).toBe('reachable');
    });

    it('accepts all of it before a policy that drops', async () => {
      const accept = '-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT';
      const dropping = [':INPUT DROP [0:0]', ...chains.slice(1), accept];
      const { causes } = await diagnose(filter(...dropping), toWeb6);
      const command = causes[0]?.remedies[0]?.command ?? '';
      expect(command.split('\n')).toEqual([
        'ip6tables-legacy -t filter -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT',
        'ip6tables-legacy -t filter -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j ACCEPT',
      ]);
      const rules = command.replaceAll('ip6tables-legacy -t filter ', '').split('\n');
      const answers = '-A INPUT -p tcp -m conntrack --ctstate ESTABLISHED -j ACCEPT';
      expect((await diagnose(filter(...dropping, ...rules, answers), toWeb6)).conclusion).toBe('reachable');
    });

    it('accepts all of it before a policy of nftables', async () => {
      const input = (...rules: readonly string[]): Files =>
        addLines(
          { ...filter(...chains) },
          NFT,
          [
            'table inet host {',
            '\tchain input {',
            '\t\ttype filter hook input priority filter; policy drop;',
            ...rules,
            '\t}',
            '}',
          ].join('\n'),
        );
      const { causes } = await diagnose(input('\t\ttcp dport 8080 accept'), toWeb6);
      expect(causes).toMatchObject([
        {
          cause: 'filter-rule',
          remedies: [
            {
              command:
                "nft add rule inet host input icmpv6 type '{ nd-neighbor-solicit, nd-neighbor-advert }' accept",
            },
            {},
          ],
        },
      ]);
      const repaired = input(
        '\t\ttcp dport 8080 accept',
        '\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
      );
      expect((await diagnose(repaired, toWeb6)).conclusion).toBe('reachable');
    });
  });

  it('names the rule of arptables that drops the question of IPv4', async () => {
    const files = addLines(
      change(healthy, 'nodes/n1/ip-neigh.txt', /^192\.0\.2\.2 .*$/, '192.0.2.2 dev eth0 FAILED'),
      NFT,
      'table arp filter {',
      '\tchain INPUT {',
      '\t\ttype filter hook input priority filter; policy drop;',
      '\t\tarp htype 1 arp hlen 6 arp plen 4 arp saddr ip 192.0.2.77 counter packets 0 bytes 0 accept',
      '\t}',
      '}',
    );
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'filter-rule',
        subject: { kind: 'node', name: 'n2' },
        evidence: [lineOf(files, NFT, 'chain INPUT')],
        remedies: [
          { command: "nft add rule arp filter INPUT arp operation '{ request, reply }' accept" },
          {},
        ],
      },
    ]);
    expect(causes[0]?.text).toContain('drops the ARP request from 192.0.2.1 to 192.0.2.2');
  });

  it('has no part in a loss by something else', async () => {
    const { causes } = await diagnose(
      change(healthy, 'nodes/n2/sysctl.txt', 'ip_forward = 1', 'ip_forward = 0'),
    );
    expect(causes.map(({ cause }) => cause)).not.toContain('filter-rule');
  });
});
