import { describe, expect, it } from 'vitest';
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

  it('has no part in a loss by something else', async () => {
    const { causes } = await diagnose(
      change(healthy, 'nodes/n2/sysctl.txt', 'ip_forward = 1', 'ip_forward = 0'),
    );
    expect(causes.map(({ cause }) => cause)).not.toContain('filter-rule');
  });
});
