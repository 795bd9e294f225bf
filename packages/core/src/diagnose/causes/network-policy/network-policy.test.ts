import { describe, expect, it } from 'vitest';
import { antreaFiles } from '../../../../test/datapath/antrea.ts';
import {
  addLines,
  change,
  diagnose,
  type Files,
  lineOf,
  twoNodes,
  without,
} from '../../testing/two-nodes.ts';

const RULES = 'nodes/n2/iptables-legacy-save.txt';
const POLICIES = 'cluster/networkpolicies.networking.k8s.io.json';
const WEB = 'cali-tw-cali68caf03a5f4';
const healthy = twoNodes();

/** The chain of default/web drops what no policy has accepted. */
const isolated = change(
  healthy,
  RULES,
  new RegExp(`^-A ${WEB} .*Profile accepted packet.*$`),
  `-A ${WEB} -m comment --comment "Drop if no policies passed packet" -m mark --mark 0x0/0x20000 -j DROP\n$&`,
);

function withPolicy(files: Files, spec: object, name = 'isolate'): Files {
  const list = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicyList',
    items: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { namespace: 'default', name },
        spec,
      },
    ],
  };
  return { ...files, [POLICIES]: JSON.stringify(list) };
}

const ofWeb = { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] };
const withCalico = (spec: object, kind = 'GlobalNetworkPolicy', namespace?: string): Files => ({
  ...isolated,
  [`cluster/${kind.toLowerCase().replace('policy', 'policies')}.crd.projectcalico.org.json`]: JSON.stringify({
    kind: `${kind}List`,
    items: [{ kind, metadata: { name: 'calico', ...(namespace === undefined ? {} : { namespace }) }, spec }],
  }),
});

describe('network-policy', () => {
  it('names the policy that isolates the pod, and the policy that would allow the flow', async () => {
    const files = withPolicy(isolated, ofWeb);
    const { conclusion, causes } = await diagnose(files);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'network-policy',
        effect: 'blocks',
        direction: 'request',
        subject: { kind: 'pod', name: 'default/web' },
        evidence: [
          lineOf(files, RULES, 'no policies passed packet'),
          { file: POLICIES, pointer: '/items/0' },
        ],
        remedies: [
          { kind: 'set-field' },
          {
            command: `iptables-legacy -t filter -I ${WEB} 1 -s 10.244.1.10 -d 10.244.2.10 -p tcp -m tcp --dport 8080 -j ACCEPT`,
            where: { node: 'n2' },
          },
        ],
      },
    ]);
    expect(causes[0]?.text).toContain('NetworkPolicy default/isolate allows no ingress at all');
    const [, manifest = ''] = causes[0]?.remedies[0]?.command?.split('\n') ?? [];
    const allowing = JSON.parse(manifest) as { spec: object };
    const allowed = await diagnose(withPolicy(isolated, allowing.spec));
    expect(allowed.causes[0]?.text).toContain('NetworkPolicy default/isolate allows it');
    const passed = change(
      files,
      RULES,
      new RegExp(`^(-A ${WEB} .*RELATED.*)$`),
      `-A ${WEB} -s 10.244.1.10 -d 10.244.2.10 -p tcp -m tcp --dport 8080 -j ACCEPT\n$1`,
    );
    expect(await diagnose(passed)).toMatchObject({ conclusion: 'reachable', causes: [] });
  });

  it.each([
    [
      { from: [{ podSelector: { matchLabels: { app: 'admin' } } }], ports: [{ port: 8080 }] },
      'allows TCP 8080 from other peers',
    ],
    [
      { from: [{ podSelector: {} }], ports: [{ port: 443 }] },
      'allows other ports from that peer, not TCP 8080',
    ],
    [
      { from: [{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.1.0/24'] } }] },
      'allows TCP 8080 from other peers',
    ],
    [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } } }],
        ports: [{ port: 'web', protocol: 'UDP' }],
      },
      'allows other peers and ports',
    ],
    [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }, '(could not be judged)'],
  ])('says how the flow differs from what is allowed: %j', async (rule, reason) => {
    const { causes } = await diagnose(withPolicy(isolated, { ...ofWeb, ingress: [rule] }));
    expect(causes[0]?.text).toContain(`NetworkPolicy default/isolate ${reason}`);
  });

  it.each([
    { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['client'] }] } }] },
    { from: [{ namespaceSelector: {} }], ports: [{ port: 8000, endPort: 9000 }] },
    { from: [{ ipBlock: { cidr: '10.244.0.0/16' } }], ports: [{ port: 'main' }] },
    {},
  ])('sees that a policy allows what is dropped: %j', async (rule) => {
    const { causes } = await diagnose(withPolicy(isolated, { ...ofWeb, ingress: [rule] }));
    expect(causes[0]?.text).toContain('allows it');
    expect(causes[0]?.remedies[0]?.kind).toBe('manual');
  });

  it.each([
    [
      'app == "web" && !has(missing)',
      { action: 'Deny', source: { selector: "app in {'client', 'other'}" } },
      'GlobalNetworkPolicy calico denies TCP 8080',
    ],
    ['all()', { action: 'Allow', protocol: 'UDP' }, 'GlobalNetworkPolicy calico has no rule for it'],
    [
      'app starts with "we"',
      { action: 'Allow', source: { nets: ['10.244.1.0/24'] }, destination: { ports: ['8000:8100'] } },
      'allows it',
    ],
    ['app != "web"', { action: 'Deny' }, 'No policy that was collected selects pod default/web'],
    ['app ~ "web"', { action: 'Deny' }, '(could not be judged)'],
    ['all()', { action: 'Deny', http: { methods: ['GET'] } }, '(could not be judged)'],
  ])('reads policies of Calico: %s %j', async (selector, rule, text) => {
    const { causes } = await diagnose(withCalico({ selector, types: ['Ingress'], ingress: [rule] }));
    expect(causes).toMatchObject([{ cause: 'network-policy' }]);
    expect(causes[0]?.text).toContain(text);
  });

  it('reads policies of Calico in a namespace', async () => {
    const spec = {
      selector: 'all()',
      ingress: [{ action: 'Deny', source: { selector: 'app == "client"' } }],
    };
    const own = await diagnose(withCalico(spec, 'NetworkPolicy', 'default'));
    expect(own.causes[0]?.text).toContain('NetworkPolicy (Calico) default/calico denies');
    const foreign = await diagnose(withCalico(spec, 'NetworkPolicy', 'kube-system'));
    expect(foreign.causes[0]?.text).toContain('No policy that was collected selects');
  });

  it('judges what a pod sends by policies for egress', async () => {
    const path = 'nodes/n1/iptables-legacy-save.txt';
    const chain = 'cali-fw-calia7a3e029a7b';
    const files = change(
      healthy,
      path,
      new RegExp(`^-A ${chain} .*Profile accepted packet.*$`),
      `-A ${chain} -m comment --comment "Drop if no policies passed packet" -j DROP`,
    );
    const { causes } = await diagnose(
      withPolicy(files, {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }],
      }),
    );
    expect(causes).toMatchObject([
      { cause: 'network-policy', subject: { kind: 'pod', name: 'default/client' } },
    ]);
    expect(causes[0]?.text).toContain('allows other ports to that peer, not TCP 8080');
  });

  it('says that it does not know which one, where policies were not collected', async () => {
    const { causes } = await diagnose(without(isolated, POLICIES));
    expect(causes).toMatchObject([{ cause: 'network-policy', effect: 'blocks', subject: { kind: 'node' } }]);
    expect(causes[0]?.text).toContain('not collected');
  });

  it('warns of a policy where the rules of the node were not collected', async () => {
    const files = without(withPolicy(healthy, ofWeb), RULES);
    expect((await diagnose(files)).causes).toMatchObject([
      { cause: 'network-policy', effect: 'hazard', subject: { name: 'default/web' } },
    ]);
  });

  it('does not warn where the rules let the packet through, nor of policies that allow it', async () => {
    expect((await diagnose(withPolicy(healthy, ofWeb))).causes).toEqual([]);
    const allowing = without(withPolicy(healthy, { ...ofWeb, ingress: [{}] }), RULES);
    expect((await diagnose(allowing)).causes).toEqual([]);
  });

  it('works with rules of nftables and of kube-router', async () => {
    const nft = addLines(
      withPolicy(healthy, ofWeb),
      'nodes/n2/nft-ruleset.txt',
      'table ip calico {',
      '\tchain filter-FORWARD {',
      '\t\ttype filter hook forward priority filter; policy accept;',
      '\t\toifname "cali68caf03a5f4" jump filter-cali-tw-cali68caf03a5f4',
      '\t}',
      '\tchain filter-cali-tw-cali68caf03a5f4 {',
      '\t\tdrop comment "cali:x; Drop if no policies passed packet"',
      '\t}',
      '}',
    );
    expect((await diagnose(nft)).causes[0]).toMatchObject({
      cause: 'network-policy',
      remedies: [
        {},
        {
          command:
            'nft insert rule ip calico filter-cali-tw-cali68caf03a5f4 ip saddr 10.244.1.10 ip daddr 10.244.2.10 tcp dport 8080 accept',
        },
      ],
    });
    const router = change(
      change(withPolicy(healthy, ofWeb), RULES, ':KUBE-FORWARD - [0:0]', '$&\n:KUBE-POD-FW-ABC - [0:0]'),
      RULES,
      /^-A FORWARD .*cali-FORWARD$/,
      '-A FORWARD -d 10.244.2.10/32 -j KUBE-POD-FW-ABC\n-A KUBE-POD-FW-ABC -j REJECT --reject-with icmp-port-unreachable\n$&',
    );
    expect((await diagnose(router)).causes).toMatchObject([
      { cause: 'network-policy', subject: { kind: 'pod', name: 'default/web' } },
    ]);
  });

  it('leaves other drops in the chains of endpoints to other causes', async () => {
    const files = change(
      healthy,
      RULES,
      new RegExp(`^-A ${WEB} .*RELATED.*$`),
      `-A ${WEB} -p tcp -m tcp --dport 8080 -j DROP\n$&`,
    );
    expect((await diagnose(files)).causes).toMatchObject([{ cause: 'filter-rule' }]);
  });

  it('finds policies in the flows of Antrea', async () => {
    const files = antreaFiles({
      names: true,
      more: { n2: ['table=IngressDefaultRule, priority=200,reg1=0x3 actions=drop'] },
    });
    const { causes } = await diagnose(files, { from: 'pod/default/client', to: '10.10.1.2:8080' });
    expect(causes).toMatchObject([
      {
        cause: 'network-policy',
        effect: 'blocks',
        evidence: [{ file: expect.stringContaining('ovs-flows') }],
      },
    ]);
    expect(causes[0]?.text).toContain('Antrea on n2 drops');
  });
});
