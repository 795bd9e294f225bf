import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { iptablesRules, type ProxyOptions, type ServiceSpec } from '../../src/kube-proxy/index.ts';

const flows = new URL('../../../core/src/datapath/__fixtures__/kube-proxy-flows/', import.meta.url);
const options: ProxyOptions = { family: 4, nodeName: 'here', nodeAddresses: ['192.168.0.2'] };
const detectLocal = { clusterCIDR: '10.0.0.0/8' };

/** Tests of Kubernetes, with the rules that they expect. */
const CASES: readonly { file: string; services: readonly ServiceSpec[]; options: ProxyOptions }[] = [
  {
    file: '001-TestClusterIPReject.json',
    services: [service(1, { type: 'ClusterIP', endpoints: [] })],
    options: { ...options, detectLocal },
  },
  {
    file: '005-TestLoadBalancerReject.json',
    services: [
      service(1, {
        loadBalancerIPs: ['1.2.3.4'],
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 30000,
        sessionAffinitySeconds: 10800,
        endpoints: [],
      }),
    ],
    options: { ...options, detectLocal },
  },
  {
    file: '006-TestOnlyLocalNodePorts.json',
    services: [
      service(1, {
        type: 'NodePort',
        externalTrafficPolicy: 'Local',
        endpoints: [{ address: '10.180.0.1' }, { address: '10.180.2.1', nodeName: 'here' }],
      }),
    ],
    options: { ...options, detectLocal, nodePortAddresses: ['192.168.0.2'] },
  },
  {
    file: '014-TestInternalExternalMasquerade-no-LocalTrafficDetector.json',
    services: [
      service(1, { loadBalancerIPs: ['1.2.3.4'] }),
      service(2, {
        loadBalancerIPs: ['5.6.7.8'],
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 30002,
      }),
      service(3, { loadBalancerIPs: ['9.10.11.12'], internalTrafficPolicy: 'Local' }),
    ],
    options,
  },
];

function service(number: number, spec: Partial<ServiceSpec>): ServiceSpec {
  return {
    namespace: `ns${number}`,
    name: `svc${number}`,
    type: 'LoadBalancer',
    clusterIPs: [`172.30.0.4${number}`],
    ports: [{ name: 'p80', port: 80, nodePort: 3000 + number }],
    endpoints: [{ address: `10.180.0.${number}`, nodeName: 'here' }, { address: `10.180.1.${number}` }],
    ...spec,
  };
}

/** Rules of the chains of kube-proxy by table, each with its words sorted, in the order of chains. */
function rulesOf(text: string): readonly string[] {
  let table = '';
  const rules: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line;
    if (!line.startsWith('-A KUBE-') || line.startsWith('-A KUBE-FIREWALL')) continue;
    const words = [...line.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replaceAll('"', ''));
    rules.push(`${table} ${words[1]}: ${words.slice(2).sort().join(' ')}`);
  }
  const chainOf = (rule: string): string => rule.slice(0, rule.indexOf(':'));
  return rules.sort((left, right) =>
    chainOf(left) < chainOf(right) ? -1 : +(chainOf(left) > chainOf(right)),
  );
}

it.each(CASES)('$file: rule for rule', ({ file, services, options }) => {
  const { rules } = JSON.parse(readFileSync(new URL(file, flows), 'utf8')) as { readonly rules: string };
  // The tests of Kubernetes have a mark of their own and an iptables without --random-fully.
  const own = iptablesRules(services, options)
    .replaceAll('0x00004000', '0x4000')
    .replaceAll(' --random-fully', '');
  expect(rulesOf(own)).toEqual(rulesOf(rules));
});
