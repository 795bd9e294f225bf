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
const N2 = 'nodes/n2/iptables-legacy-save.txt';
const SERVICES = 'cluster/services.json';
const PODS = 'cluster/pods.json';
const healthy = twoNodes();
const from = 'pod/default/client';
const BY_NAME = { from, to: 'web.default.svc.cluster.local:80' };
const BY_SERVICE = { from, to: 'service/default/web:80' };

/** Nothing gets to CoreDNS, while all else works. */
const deaf = change(
  healthy,
  N2,
  /^(-A FORWARD .*cali-FORWARD)$/,
  '-A FORWARD -p udp -m udp --dport 53 -j DROP\n$1',
);

function withSpec(files: Files, fields: string): Files {
  return change(files, PODS, '"spec":{"nodeName":"n1"', `"spec":{"nodeName":"n1",${fields}`);
}

describe('dns-broken', () => {
  it('has nothing to say where lookup and target work', async () => {
    const diagnosis = await diagnose(healthy, BY_NAME);
    expect(diagnosis).toMatchObject({
      question: { ...BY_NAME, protocol: 'tcp', destinationPort: 80 },
      conclusion: 'reachable',
      causes: [],
      notModelled: [],
      nameLookup: {
        question: { from, to: '10.96.0.10:53', protocol: 'udp' },
        conclusion: 'reachable',
        paths: [{ disposition: 'delivered', at: { node: 'n2', netns: 'kube-system_coredns' } }],
      },
    });
    expect(await diagnose(healthy, { from, to: 'web:80' })).toMatchObject({
      conclusion: 'reachable',
      causes: [],
    });
  });

  it('sums up what loses the lookup, while the target answers by its address', async () => {
    const { conclusion, causes, nameLookup } = await diagnose(deaf, BY_NAME);
    expect(conclusion).toBe('unreachable');
    expect(nameLookup?.conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'dns-broken',
        effect: 'blocks',
        direction: 'name-lookup',
        evidence: [lineOf(deaf, N2, '--dport 53 -j DROP')],
        remedies: [
          {
            command: 'iptables-legacy -t filter -D FORWARD -p udp -m udp --dport 53 -j DROP',
            where: { node: 'n2' },
          },
        ],
      },
      { cause: 'filter-rule', direction: 'name-lookup' },
    ]);
    expect(causes[0]?.text).toContain(
      'web.default.svc.cluster.local at 10.96.0.10 gets no answer: filter-rule',
    );
    expect(causes[0]?.text).toContain('answers by its address');
  });

  it('is told beside a service that answers, which stays reachable', async () => {
    const { conclusion, causes } = await diagnose(deaf, BY_SERVICE);
    expect(conclusion).toBe('reachable');
    expect(causes.map(({ cause }) => cause)).toEqual(['dns-broken', 'filter-rule']);
  });

  it('names CoreDNS without ready endpoints', async () => {
    const slices = 'cluster/endpointslices.discovery.k8s.io.json';
    const list = JSON.parse(healthy[slices] ?? '') as {
      items: { metadata: { namespace: string }; endpoints: object[] }[];
    };
    for (const item of list.items) if (item.metadata.namespace === 'kube-system') item.endpoints = [];
    const bare = dropLine(healthy, NAT, '-A KUBE-SERVICES -d 10.96.0.10/32');
    const { causes } = await diagnose({ ...bare, [slices]: JSON.stringify(list) }, BY_NAME);
    expect(causes.map(({ cause }) => cause)).toEqual(['dns-broken', 'service-no-ready-endpoints']);
    expect(causes[1]).toMatchObject({ subject: { kind: 'service', name: 'kube-system/kube-dns' } });
  });

  it('is told where the name server itself is asked for', async () => {
    const question = { from, to: 'service/kube-system/kube-dns:53', protocol: 'udp' };
    expect(await diagnose(healthy, question)).toMatchObject({ conclusion: 'reachable', causes: [] });
    const { conclusion, causes, nameLookup } = await diagnose(deaf, question);
    expect(conclusion).toBe('unreachable');
    expect(nameLookup).toBeUndefined();
    expect(causes).toMatchObject([
      { cause: 'dns-broken', direction: 'name-lookup' },
      { cause: 'filter-rule', direction: 'request' },
    ]);
    expect(causes[0]?.text).toContain('The lookup of any name at 10.96.0.10 gets no answer');
  });

  it('keeps out of what stops the target as well', async () => {
    const files = change(healthy, 'nodes/n2/sysctl.txt', 'ip_forward = 1', 'ip_forward = 0');
    const { conclusion, causes } = await diagnose(files, BY_NAME);
    expect(conclusion).toBe('unreachable');
    expect(causes.map(({ cause }) => cause)).toEqual(['forwarding-off']);
  });

  it('says that a name does not exist', async () => {
    const { conclusion, causes, paths } = await diagnose(healthy, { from, to: 'web.kube-system:80' });
    expect(conclusion).toBe('unreachable');
    expect(paths).toEqual([]);
    expect(causes).toMatchObject([
      { cause: 'dns-broken', evidence: [{ file: SERVICES }, { file: SERVICES, pointer: '/items/0' }] },
    ]);
    expect(causes[0]?.text).toContain('there is no Service kube-system/web (there is one in default)');
  });

  it('does not know a name where services were not collected', async () => {
    const { conclusion, notModelled } = await diagnose(without(healthy, SERVICES), {
      from,
      to: 'web.default.svc',
    });
    expect(conclusion).toBe('unknown');
    expect(notModelled).toContainEqual({
      file: SERVICES,
      text: 'there is no Service default/web among those that were collected',
      couldChangeAnswer: true,
    });
  });

  it('walks only the lookup of a name of the outside', async () => {
    expect(await diagnose(healthy, { from, to: 'example.com:443' })).toMatchObject({
      conclusion: 'unknown',
      paths: [],
      nameLookup: { conclusion: 'reachable' },
    });
    expect(await diagnose(deaf, { from, to: 'example.com:443' })).toMatchObject({
      conclusion: 'unreachable',
    });
  });

  it('shows failures in the log of CoreDNS for names of the outside', async () => {
    const log = 'logs/kube-system_coredns-abc_coredns.log';
    const files = addLines(
      healthy,
      log,
      '.:53',
      '[ERROR] plugin/errors: 2 example.com. A: read udp 10.244.2.53:4->192.0.2.53:53: i/o timeout',
    );
    const { causes } = await diagnose(files, { from, to: 'example.com:443' });
    expect(causes).toMatchObject([
      { cause: 'dns-broken', effect: 'hazard', evidence: [{ file: log, line: 2 }] },
    ]);
    expect((await diagnose(files, BY_NAME)).causes).toEqual([]);
  });

  it.each([
    ['"dnsPolicy":"Default"', 'dnsPolicy Default'],
    [
      '"hostNetwork":true,"dnsPolicy":"ClusterFirst"',
      'hostNetwork without dnsPolicy ClusterFirstWithHostNet',
    ],
    ['"dnsPolicy":"None"', 'names no name server'],
  ])('says that it did not check the lookup of a pod with %s', async (fields, text) => {
    const { conclusion, notModelled, nameLookup } = await diagnose(withSpec(healthy, fields), BY_NAME);
    expect(nameLookup).toBeUndefined();
    expect(conclusion).toBe('unknown');
    expect(notModelled.map((one) => one.text).join()).toContain(text);
  });

  it('asks whom the pod itself names, and whom the kubelet names', async () => {
    const own = withSpec(healthy, '"dnsPolicy":"None","dnsConfig":{"nameservers":["10.244.2.53"]}');
    expect((await diagnose(own, BY_NAME)).nameLookup?.question.to).toBe('10.244.2.53:53');
    const kubelet = addLines(
      healthy,
      'nodes/n1/kubelet-config.yaml',
      'kind: KubeletConfiguration',
      'clusterDNS: [10.244.2.53]',
      'clusterDomain: example.org',
    );
    const diagnosis = await diagnose(kubelet, { from, to: 'web.default.svc.example.org:80' });
    expect(diagnosis).toMatchObject({
      conclusion: 'reachable',
      nameLookup: { question: { to: '10.244.2.53:53' } },
    });
  });

  it('takes the domain from the Corefile', async () => {
    const coredns = {
      metadata: { namespace: 'kube-system', name: 'coredns' },
      data: { Corefile: '.:53 {\n    kubernetes corp.example in-addr.arpa {\n    }\n}' },
    };
    const files = {
      ...healthy,
      'cluster/configmaps.json': JSON.stringify({
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'ConfigMap', ...coredns }],
      }),
    };
    const { causes } = await diagnose(files, { from, to: 'nobody.default.svc.corp.example' });
    expect(causes[0]?.text).toContain('nobody.default.svc.corp.example');
  });

  it('takes the first endpoint of a headless service, and a pod by its own name', async () => {
    const headless = change(
      change(healthy, SERVICES, '"clusterIP":"10.96.0.20"', '"clusterIP":"None"'),
      SERVICES,
      '"clusterIPs":["10.96.0.20"]',
      '"clusterIPs":["None"]',
    );
    expect(await diagnose(headless, { from, to: 'web.default.svc' })).toMatchObject({
      conclusion: 'reachable',
      paths: [{ packet: { destination: '10.244.2.10', destinationPort: 8080 } }],
    });
    expect(await diagnose(headless, { from, to: 'web-2.web.default.svc:8080' })).toMatchObject({
      conclusion: 'reachable',
      paths: [{ packet: { destination: '10.244.2.11' } }],
    });
  });

  it('does not follow the name that a service stands for', async () => {
    const alias = change(
      healthy,
      SERVICES,
      /"type":"ClusterIP","clusterIP":"10.96.0.20"/,
      '"type":"ExternalName","externalName":"example.com","x":""',
    );
    const { conclusion, notModelled } = await diagnose(alias, BY_NAME);
    expect(conclusion).toBe('unknown');
    expect(notModelled.map(({ text }) => text)).toContain(
      'Service default/web is another name for example.com, which is not followed',
    );
  });

  it.each(['nonsense', 'pod/default/nobody', 'node/n9'])('refuses the sender %s', async (sender) => {
    for (const to of ['example.com:443', 'nobody.default:80', 'web.default:80']) {
      await expect(diagnose(healthy, { from: sender, to })).rejects.toThrow(/^from: /);
    }
  });

  it('does not claim that a node can look up names of the cluster', async () => {
    const { conclusion, notModelled } = await diagnose(healthy, { from: 'node/n1', to: 'web.default:80' });
    expect(conclusion).toBe('unknown');
    expect(notModelled.map(({ text }) => text).join()).toContain(
      'which name server node/n1 asks is not known',
    );
  });
});
