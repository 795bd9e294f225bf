import { describe, expect, it } from 'vitest';
import {
  addLines,
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  twoNodes,
  without,
} from '../../testing/two-nodes.ts';

const NAT = 'nodes/n1/iptables-legacy-save.txt';
const CALL = { from: 'pod/default/client', to: 'service/default/web:80' };
const healthy = twoNodes();

/** Does what the remedy says to the dump. */
function applied(files: Files, command: string | undefined): Files {
  const lines = (files[NAT] ?? '').split('\n');
  const inNat = (from: string) =>
    lines.findIndex((line, index) => index > lines.indexOf('*nat') && line.startsWith(from));
  for (const one of (command ?? '').split('\n')) {
    const [, action, chain = '', rest = ''] =
      /^iptables-legacy -t nat (-[NAIF]) (\S+) ?(?:1 )?(.*)$/.exec(one) ?? [];
    if (action === '-N') lines.splice(lines.indexOf('*nat') + 1, 0, `:${chain} - [0:0]`);
    else if (action === '-I') lines.splice(inNat('-A'), 0, `-A ${chain} ${rest}`);
    else if (action === '-A') lines.splice(inNat('COMMIT'), 0, `-A ${chain} ${rest}`);
  }
  return { ...files, [NAT]: lines.join('\n') };
}

describe('service-rule-missing', () => {
  it('names the missing rule and writes it as the other node has it', async () => {
    const files = dropLine(healthy, NAT, '-A KUBE-SERVICES -d 10.96.0.20/32');
    const { conclusion, causes } = await diagnose(files, CALL);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'service-rule-missing',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'node', name: 'n1' },
        remedies: [
          {
            command:
              'iptables-legacy -t nat -I KUBE-SERVICES 1 -d 10.96.0.20/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-0',
            where: { node: 'n1' },
          },
          { kind: 'restart', component: 'kube-proxy' },
        ],
      },
    ]);
    expect(causes[0]?.evidence[0]).toEqual(lineOf(files, NAT, ':KUBE-SERVICES'));
    expect(causes[0]?.text).toContain('10.244.2.10:8080 and 10.244.2.11:8080 could answer');
    const repaired = await diagnose(applied(files, causes[0]?.remedies[0]?.command), CALL);
    expect(repaired).toMatchObject({ conclusion: 'reachable', causes: [] });
  });

  it('writes whole chains that are gone', async () => {
    const files = ['KUBE-SVC-0', 'KUBE-SEP-00', 'KUBE-SEP-01'].reduce(
      (rest, chain) => dropLine(dropLine(rest, NAT, `:${chain} `), NAT, `-A ${chain} `),
      dropLine(healthy, NAT, '-A KUBE-SERVICES -d 10.96.0.20/32'),
    );
    const { causes } = await diagnose(files, CALL);
    const command = causes[0]?.remedies[0]?.command;
    expect(command?.split('\n').filter((line) => / -N /.test(line))).toHaveLength(3);
    expect(await diagnose(applied(files, command), CALL)).toMatchObject({
      conclusion: 'reachable',
      causes: [],
    });
  });

  it('finds that the way into the chains is gone', async () => {
    const files = dropLine(healthy, NAT, '-A PREROUTING -m comment --comment "kubernetes service portals"');
    const { causes } = await diagnose(files, CALL);
    const command = causes[0]?.remedies[0]?.command;
    expect(command).toBe(
      'iptables-legacy -t nat -I PREROUTING 1 -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    );
    expect((await diagnose(applied(files, command), CALL)).conclusion).toBe('reachable');
  });

  it('has no command where no other node has the rule', async () => {
    const files = dropLine(
      dropLine(healthy, NAT, '-A KUBE-SERVICES -d 10.96.0.20/32'),
      'nodes/n2/iptables-legacy-save.txt',
      '-A KUBE-SERVICES -d 10.96.0.20/32',
    );
    const { causes } = await diagnose(files, CALL);
    expect(causes[0]?.remedies.map(({ kind }) => kind)).toEqual(['restart']);
  });

  it.each(['nodes/n1/nft-ruleset.txt', 'cluster/endpointslices.discovery.k8s.io.json'])(
    'claims nothing without %s',
    async (path) => {
      const files = without(dropLine(healthy, NAT, '-A KUBE-SERVICES -d 10.96.0.20/32'), path);
      const { causes } = await diagnose(files, CALL);
      expect(causes.map(({ cause }) => cause)).not.toContain('service-rule-missing');
    },
  );

  it('claims nothing where services are translated by other means', async () => {
    const files = addLines(
      dropLine(healthy, NAT, '-A KUBE-SERVICES -d 10.96.0.20/32'),
      'nodes/n1/ip-addr.txt',
      '30: cilium_host: <UP,LOWER_UP> mtu 1500 state UP',
    );
    const { causes } = await diagnose(files, CALL);
    expect(causes.map(({ cause }) => cause)).not.toContain('service-rule-missing');
  });

  it('finds a missing element of a map of nftables', async () => {
    const table = (element: string) => [
      'table ip kube-proxy {',
      '\tmap service-ips {',
      '\t\ttype ipv4_addr . inet_proto . inet_service : verdict',
      `\t\telements = { ${element} }`,
      '\t}',
      '\tchain nat-prerouting {',
      '\t\ttype nat hook prerouting priority dstnat; policy accept;',
      '\t\tip daddr . meta l4proto . th dport vmap @service-ips',
      '\t}',
      '\tchain service-ABC {',
      '\t\tnumgen random mod 1 vmap { 0 : goto endpoint-ABC }',
      '\t}',
      '\tchain endpoint-ABC {',
      '\t\tmeta l4proto tcp dnat to 10.244.2.10:8080',
      '\t}',
      '}',
    ];
    const portal = '10.96.0.20 . tcp . 80 comment "default/web:main" : goto service-ABC';
    const other = '10.96.0.99 . tcp . 80 comment "default/other:main" : goto service-ABC';
    const bare = ['n1', 'n2'].reduce(
      (files, node) =>
        change(files, `nodes/${node}/iptables-legacy-save.txt`, /^.*KUBE-S(?:VC|EP)-0.*\n/, ''),
      healthy,
    );
    const withN2 = addLines(bare, 'nodes/n2/nft-ruleset.txt', ...table(`${other}, ${portal}`));
    const files = addLines(withN2, 'nodes/n1/nft-ruleset.txt', ...table(other));
    const { causes } = await diagnose(files, CALL);
    expect(causes[0]).toMatchObject({
      cause: 'service-rule-missing',
      remedies: [
        {
          command: "nft add element ip kube-proxy service-ips '{ 10.96.0.20 . tcp . 80 : goto service-ABC }'",
        },
        {},
      ],
    });
    const repaired = addLines(withN2, 'nodes/n1/nft-ruleset.txt', ...table(`${other}, ${portal}`));
    expect(await diagnose(repaired, CALL)).toMatchObject({ conclusion: 'reachable', causes: [] });
  });
});
