import { describe, expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  type Files,
  lineOf,
  twoNodes,
  without,
} from '../../testing/two-nodes.ts';

const NAT = 'nodes/n1/iptables-legacy-save.txt';
const SLICES = 'cluster/endpointslices.discovery.k8s.io.json';
const CALL = { from: 'pod/default/client', to: 'service/default/web:80' };
const healthy = twoNodes();
const stale = change(healthy, NAT, '10.244.2.11', '10.244.2.60');

describe('stale-dnat-target', () => {
  it('names a rule that leads to an address that nobody has, and turns it to an endpoint', async () => {
    const { conclusion, causes } = await diagnose(stale, CALL);
    expect(conclusion).toBe('partly-reachable');
    expect(causes).toMatchObject([
      {
        cause: 'stale-dnat-target',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'node', name: 'n1' },
        remedies: [{ where: { node: 'n1' } }, { kind: 'restart' }],
      },
    ]);
    expect(causes[0]?.evidence[0]).toEqual(lineOf(stale, NAT, '--to-destination 10.244.2.60:8080'));
    expect(causes[0]?.text).toContain('10.244.2.60:8080, an address that no running pod has');
    expect(causes[0]?.remedies[0]?.command?.split('\n')).toEqual([
      'iptables-legacy -t nat -R KUBE-SEP-01 1 -s 10.244.2.11/32 -m comment --comment "default/web" -j KUBE-MARK-MASQ',
      'iptables-legacy -t nat -R KUBE-SEP-01 2 -p tcp -m comment --comment "default/web" -m tcp -j DNAT --to-destination 10.244.2.11:8080',
    ]);
  });

  it('mends all targets that are gone at once', async () => {
    const all = change(stale, NAT, '10.244.2.10:8080', '10.244.2.61:8080');
    const { conclusion, causes } = await diagnose(all, CALL);
    expect(conclusion).toBe('unreachable');
    expect(causes).toHaveLength(1);
    const turned = causes[0]?.remedies[0]?.command?.match(/--to-destination \S+/g);
    expect(turned).toEqual(['--to-destination 10.244.2.10:8080', '--to-destination 10.244.2.11:8080']);
  });

  it('works in nftables, where the handle is found by the position of the rule', async () => {
    const bare = change(healthy, NAT, /^.*KUBE-S(?:VC|EP)-0.*\n/, '');
    const files = addLines(
      bare,
      'nodes/n1/nft-ruleset.txt',
      'table ip kube-proxy {',
      '\tmap service-ips {',
      '\t\ttype ipv4_addr . inet_proto . inet_service : verdict',
      '\t\telements = { 10.96.0.20 . tcp . 80 : goto service-ABC }',
      '\t}',
      '\tchain nat-prerouting {',
      '\t\ttype nat hook prerouting priority dstnat; policy accept;',
      '\t\tip daddr . meta l4proto . th dport vmap @service-ips',
      '\t}',
      '\tchain mark-for-masquerade {',
      '\t\tmeta mark set meta mark | 0x00004000',
      '\t}',
      '\tchain service-ABC {',
      '\t\tnumgen random mod 1 vmap { 0 : goto endpoint-ABC }',
      '\t}',
      '\tchain endpoint-ABC {',
      '\t\tip saddr 10.244.2.60 jump mark-for-masquerade',
      '\t\tmeta l4proto tcp dnat to 10.244.2.60:8080',
      '\t}',
      '}',
    );
    const { conclusion, causes } = await diagnose(files, CALL);
    expect(conclusion).toBe('unreachable');
    const handle = (line: number) =>
      `$(nft -a list chain ip kube-proxy endpoint-ABC | grep -v '{ # handle' | sed -n 's/.*# handle //p' | sed -n ${line}p)`;
    expect(causes[0]?.remedies[0]?.command?.split('\n')).toEqual([
      `nft replace rule ip kube-proxy endpoint-ABC handle ${handle(1)} 'ip saddr 10.244.2.10 jump mark-for-masquerade'`,
      `nft replace rule ip kube-proxy endpoint-ABC handle ${handle(2)} 'meta l4proto tcp dnat to 10.244.2.10:8080'`,
    ]);
  });

  it('names a pod that is there and not ready', async () => {
    const list = JSON.parse(healthy[SLICES] ?? '') as {
      items: { endpoints: { conditions: object }[] }[];
    };
    const [endpoint] = list.items[0]?.endpoints ?? [];
    if (endpoint !== undefined) endpoint.conditions = { ready: false };
    const { conclusion, causes } = await diagnose({ ...healthy, [SLICES]: JSON.stringify(list) }, CALL);
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject([{ cause: 'stale-dnat-target', effect: 'hazard' }]);
    expect(causes[0]?.text).toContain('pod default/web, which is not ready');
  });

  it('warns of a tracked connection of the sender that leads nowhere', async () => {
    const path = 'nodes/n1/conntrack-list.txt';
    const entry = (source: string, target: string) =>
      `tcp      6 86399 ESTABLISHED src=${source} dst=10.96.0.20 sport=40000 dport=80 src=${target} dst=${source} sport=8080 dport=40000 [ASSURED] mark=0 use=1`;
    const files: Files = { ...healthy, [path]: `${entry('10.244.1.10', '10.244.2.60')}\n` };
    const { conclusion, causes } = await diagnose(files, CALL);
    expect(conclusion).toBe('reachable');
    expect(causes).toMatchObject([
      {
        cause: 'stale-dnat-target',
        effect: 'hazard',
        evidence: [{ file: path, line: 1 }],
        remedies: [
          {
            command:
              'conntrack -D -p tcp --orig-src 10.244.1.10 --orig-dst 10.96.0.20 --orig-port-dst 80 --reply-src 10.244.2.60',
          },
          {},
        ],
      },
    ]);
    for (const other of [entry('10.244.1.10', '10.244.2.10'), entry('10.244.1.11', '10.244.2.60')]) {
      expect((await diagnose({ ...healthy, [path]: `${other}\n` }, CALL)).causes).toEqual([]);
    }
  });

  it('claims nothing without EndpointSlices', async () => {
    const { causes } = await diagnose(without(stale, SLICES), CALL);
    expect(causes.map(({ cause }) => cause)).not.toContain('stale-dnat-target');
  });
});
