import { expect, it } from 'vitest';
import type { Finding, Reason } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';
import { namesText, whereText } from './where.ts';

function on(subject: Subject, values: Readonly<Record<string, string>>): Finding {
  const because: readonly Reason[] = Object.entries(values).map(([fact, value]) => ({
    condition: fact,
    result: 'yes',
    fact,
    value,
    evidence: [],
  }));
  return { issue: 'os/x', severity: 'low', subject, verdict: 'affected', because, missing: [], remedies: [] };
}

const node = (name: string): Subject => ({ kind: 'node', name });

it('names what all have in common, what tells hosts apart first', () => {
  const values = {
    'component.present(calico)': 'installed',
    'sysctl(net.ipv4.ip_forward)': '1',
    'version.kube-proxy': '1.27.3',
    kernel: '4.18.0-305.el8 (before 5.7)',
    'iptables.dumps': '3: -A INPUT -j DROP',
  };

  expect(whereText([on(node('a'), values), on(node('b'), values)], 340)).toBe(
    '2 of 340 nodes, all with kernel 4.18.0-305.el8, kube-proxy 1.27.3 and net.ipv4.ip_forward 1',
  );
});

it('leaves out values that differ, or that are missing on one', () => {
  const findings = [
    on(node('a'), { kernel: '5.4', 'kube-proxy.mode': 'ipvs', x: '1' }),
    on(node('b'), { kernel: '5.10', 'kube-proxy.mode': 'ipvs' }),
  ];

  expect(whereText(findings, 2)).toBe('all 2 nodes, all with kube-proxy mode ipvs');
});

it.each([
  [[node('n1')], 'node n1'],
  [[{ kind: 'cluster', name: 'prod' } as const], 'the cluster'],
  [[{ kind: 'object', name: 'a', objectKind: 'NetworkPolicy' } as const], 'NetworkPolicy a'],
])('names a single subject: %j', (subjects, text) => {
  expect(
    whereText(
      subjects.map((one) => on(one, {})),
      3,
    ),
  ).toBe(text);
});

it('counts subjects of several kinds', () => {
  const subjects: readonly Subject[] = [
    { kind: 'object', name: 'a', objectKind: 'Ingress' },
    { kind: 'object', name: 'b', objectKind: 'Ingress' },
    { kind: 'cluster', name: 'prod' },
  ];

  expect(
    whereText(
      subjects.map((one) => on(one, {})),
      3,
    ),
  ).toBe('2 Ingresses and the cluster');
});

it('says how many names it leaves out', () => {
  const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta'].map(node);

  expect(namesText(names, false)).toBe('alpha, beta, delta, epsilon, eta, gamma, 2 more');
  expect(namesText(names, true)).not.toContain('more');
});

it('stops in a run with many gaps, and counts the rest', () => {
  const scattered = Array.from({ length: 60 }, (_, index) => node(`node-${index * 2 + 100}`));

  expect(namesText([...scattered, node('gw')], false)).toBe(
    'gw, node-[100,102,104,106,108,110,112,114,116,118,120,122], ' +
      'node-[124,126,128,130,132,134,136,138,140,142,144,146], ' +
      'node-[148,150,152,154,156,158,160,162,164,166,168,170], 24 more',
  );
});
