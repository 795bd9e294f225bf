import { describe, expect, it } from 'vitest';
import {
  change,
  diagnose,
  dropLine,
  type Files,
  lineOf,
  twoNodes,
  without,
} from '../../testing/two-nodes.ts';

const SLICES = 'cluster/endpointslices.discovery.k8s.io.json';
const PODS = 'cluster/pods.json';
const NAT = 'nodes/n1/iptables-legacy-save.txt';
const CALL = { from: 'pod/default/client', to: 'service/default/web:80' };
const healthy = twoNodes();

/** What kube-proxy has on n1 for a service without endpoints. */
function withoutEndpoints(files: Files): Files {
  const noPortal = dropLine(dropLine(files, NAT, '-j KUBE-SVC-0'), NAT, '-A KUBE-SVC-0');
  return change(
    noPortal,
    NAT,
    /^-A FORWARD -m comment --comment "cali:wUHh.*$/,
    '$&\n-A FORWARD -d 10.96.0.20/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
  );
}

/** A change of the pods default/web and default/web-2 and of their endpoints. */
function edit(files: Files, path: string, alter: (item: Record<string, unknown>) => void): Files {
  const list = JSON.parse(files[path] ?? '') as { items: Record<string, unknown>[] };
  for (const item of list.items) alter(item);
  return { ...files, [path]: JSON.stringify(list) };
}

const notReady = (files: Files): Files => change(files, SLICES, '"ready":true', '"ready":false');

describe('service-no-ready-endpoints', () => {
  it('says which pods the service selects and why they are not ready', async () => {
    const crashing = edit(withoutEndpoints(notReady(healthy)), PODS, (pod) => {
      const { name } = pod.metadata as { name: string };
      if (name !== 'web') return;
      pod.status = {
        ...(pod.status as object),
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ name: 'main', state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      };
    });
    const { conclusion, causes } = await diagnose(crashing, CALL);
    expect(conclusion).toBe('unreachable');
    expect(causes).toMatchObject([
      {
        cause: 'service-no-ready-endpoints',
        effect: 'blocks',
        subject: { kind: 'service', name: 'default/web' },
        remedies: [{ kind: 'manual' }],
      },
    ]);
    expect(causes[0]?.text).toContain('10.244.2.10:8080, 10.244.2.11:8080');
    expect(causes[0]?.text).toContain('default/web (container main: CrashLoopBackOff)');
    expect(causes[0]?.evidence).toContainEqual(lineOf(crashing, NAT, 'has no endpoints'));
    expect(causes[0]?.evidence).toContainEqual({ file: SLICES, pointer: '/items/0/endpoints/0' });
  });

  it('says that the selector matches no pod', async () => {
    const none = edit(withoutEndpoints(healthy), SLICES, (slice) => {
      slice.endpoints = [];
    });
    const files = change(none, 'cluster/services.json', '"app":"web"', '"app":"wbe"');
    const { causes } = await diagnose(files, CALL);
    expect(causes[0]?.text).toContain(
      'No pod in default has the labels that Service default/web selects (app=wbe)',
    );
  });

  it('says that no pod has the named port', async () => {
    const none = edit(withoutEndpoints(healthy), SLICES, (slice) => {
      slice.endpoints = [];
    });
    const files = change(none, 'cluster/services.json', '"targetPort":8080', '"targetPort":"http"');
    const { causes } = await diagnose(files, CALL);
    expect(causes[0]?.text).toContain(
      'None of the pods that Service default/web selects has a port named http',
    );
  });

  it('is found in nftables too', async () => {
    const rules = dropLine(dropLine(healthy, NAT, '-j KUBE-SVC-0'), NAT, '-A KUBE-SVC-0');
    const files = {
      ...notReady(rules),
      'nodes/n1/nft-ruleset.txt': [
        'table ip kube-proxy {',
        '\tmap no-endpoint-services {',
        '\t\ttype ipv4_addr . inet_proto . inet_service : verdict',
        '\t\telements = { 10.96.0.20 . tcp . 80 comment "default/web:main" : goto reject-chain }',
        '\t}',
        '\tchain filter-forward {',
        '\t\ttype filter hook forward priority filter; policy accept;',
        '\t\tct state new ip daddr . meta l4proto . th dport vmap @no-endpoint-services',
        '\t}',
        '\tchain reject-chain {',
        '\t\treject',
        '\t}',
        '}',
        '',
      ].join('\n'),
    };
    expect((await diagnose(files, CALL)).causes).toMatchObject([{ cause: 'service-no-ready-endpoints' }]);
  });

  it('claims nothing where EndpointSlices were not collected, and nothing of a service that works', async () => {
    const { causes } = await diagnose(without(withoutEndpoints(notReady(healthy)), SLICES), CALL);
    expect(causes.map(({ cause }) => cause)).toEqual(['filter-rule']);
    expect((await diagnose(healthy, CALL)).causes).toEqual([]);
  });
});
