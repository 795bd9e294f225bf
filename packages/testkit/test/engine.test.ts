import { ClusterSubject, evaluate, type Issue, loadSnapshot } from '@netvet/core';
import { describe, expect, it } from 'vitest';
import { CASE_DATE, evaluateFiles, snapshotFiles } from '../src/index.ts';

const TEXTS = {
  title: 'A title',
  severity: 'high',
  summary: 's',
  mechanism: 'm',
  symptoms: [],
  verify: [],
  references: [],
  confidence: [],
  remedies: [{ kind: 'set-sysctl', text: 'Set it on {node}.', command: 'sysctl -w a.b={sysctl:a.b}' }],
} as const;

function nodeIssue(parts: Partial<Issue>): Issue {
  return { ...TEXTS, id: 'os/sample', scope: { subject: 'node' }, ...parts };
}

const old = { sysctl: { name: 'a.b', is: 0 } };
const broken = { sysctl: { name: 'x.broken', is: 1 } };
const safe = { sysctl: { name: 'x.safe', is: 1 } };

async function judge(issue: Issue, sysctls: string) {
  const { findings } = await evaluateFiles([['nodes/n1/sysctl.txt', sysctls]], [issue]);
  expect(findings).toHaveLength(1);
  return findings[0];
}

describe('verdicts', () => {
  it.each([
    ['a.b = 0\nx.safe = 0\nx.broken = 0', 'affected', 'exposed'],
    ['a.b = 0\nx.safe = 1\nx.broken = 0', 'mitigated', undefined],
    ['a.b = 0\nx.safe = 1\nx.broken = 1', 'affected', 'observed'],
    ['a.b = 1\nx.broken = 1', 'affected', 'observed'],
    ['a.b = 1\nx.broken = 0', 'not-affected', undefined],
    ['a.b = 1', 'not-affected', undefined],
    ['x.broken = 0\nx.safe = 1', 'unknown', undefined],
    ['a.b = 0\nx.broken = 0', 'unknown', undefined],
    ['', 'unknown', undefined],
  ])('%j is %s %s', async (sysctls, verdict, basis) => {
    const issue = nodeIssue({ applies: old, observed: broken, mitigated: safe });
    expect(await judge(issue, sysctls)).toMatchObject({ verdict, ...(basis === undefined ? {} : { basis }) });
  });

  it('name the condition that ruled an issue out, with its line', async () => {
    const finding = await judge(nodeIssue({ applies: { all: [safe, old] } }), 'x.safe = 1\na.b = 1\n');
    expect(finding?.because).toMatchObject([
      {
        condition: 'sysctl a.b is 0',
        result: 'no',
        value: '1',
        evidence: [{ file: 'nodes/n1/sysctl.txt', line: 2 }],
      },
    ]);
  });

  it('name what would settle an unknown, and where to run it', async () => {
    const finding = await judge(nodeIssue({ applies: old }), '');
    expect(finding?.missing).toEqual([{ fact: 'sysctl a.b', command: 'sysctl a.b', where: 'node n1' }]);
  });

  it('come with remedies that hold the names of the subject', async () => {
    const finding = await judge(nodeIssue({ applies: old }), 'a.b = 0');
    expect(finding?.remedies).toMatchObject([{ text: 'Set it on n1.', command: 'sysctl -w a.b=0' }]);
  });

  it('a damaged file settles nothing that is not in it', async () => {
    const issue = nodeIssue({
      applies: { record: { probe: 'ip-route', where: [{ field: 'device', is: 'eth9' }] } },
    });
    const whole = await evaluateFiles(
      [['nodes/n1/ip-route.txt', 'default via 10.0.0.1 dev eth0\n']],
      [issue],
    );
    expect(whole.findings[0]?.verdict).toBe('not-affected');
    const cut = await evaluateFiles(
      [['nodes/n1/ip-route.txt', 'default via 10.0.0.1 dev eth0\n%%%\n']],
      [issue],
    );
    expect(cut.findings[0]?.verdict).toBe('unknown');
  });
});

describe('subjects', () => {
  const services = (items: readonly object[]): [string, string] => [
    'cluster/services.json',
    JSON.stringify({ items }),
  ];
  const service = (name: string, externalIPs: readonly string[]) => ({
    metadata: { name, namespace: 'default' },
    spec: { externalIPs },
  });
  const external: Issue = {
    ...nodeIssue({
      applies: { all: [{ field: { field: 'spec.externalIPs', empty: false } }, { 'some-node': old }] },
    }),
    scope: { subject: 'service' },
  };

  it('are the objects that an issue is about', async () => {
    const { findings } = await evaluateFiles(
      [services([service('a', ['192.0.2.1']), service('b', [])]), ['nodes/n1/sysctl.txt', 'a.b = 0']],
      [external],
    );
    expect(findings.map(({ subject, verdict }) => [subject.name, verdict])).toEqual([
      ['default/a', 'affected'],
      ['default/b', 'not-affected'],
    ]);
  });

  it('is the cluster when the objects were not collected, and the verdict is unknown', async () => {
    const { findings } = await evaluateFiles([['nodes/n1/sysctl.txt', 'a.b = 0']], [external]);
    expect(findings).toMatchObject([{ subject: { kind: 'cluster' }, verdict: 'unknown' }]);
    expect(findings[0]?.missing[0]?.command).toBe('kubectl get services -A -o json');
  });

  it('is the cluster when nothing about objects matters', async () => {
    const { findings } = await evaluateFiles(
      [services([service('a', ['192.0.2.1'])]), ['nodes/n1/sysctl.txt', 'a.b = 1']],
      [external],
    );
    expect(findings).toMatchObject([{ subject: { kind: 'cluster' }, verdict: 'not-affected' }]);
  });

  it('with equal evidence share one evaluation and keep their own places', async () => {
    const files: [string, string][] = [
      ['nodes/n1/sysctl.txt', 'a.b = 0'],
      ['nodes/n2/sysctl.txt', 'x.other = 1\na.b = 0'],
    ];
    const { findings } = await evaluateFiles(files, [nodeIssue({ applies: old })]);
    expect(findings.map(({ because }) => because[0]?.evidence[0])).toEqual([
      { file: 'nodes/n1/sysctl.txt', line: 1 },
      { file: 'nodes/n2/sysctl.txt', line: 2 },
    ]);
  });
});

describe('components', () => {
  const calico: Issue = { ...nodeIssue({ applies: old }), id: 'calico/sample' };
  const daemonSets = (items: readonly object[]): [string, string] => [
    'cluster/daemonsets.apps.json',
    JSON.stringify({ items }),
  ];
  const workload = (name: string, image: string) => ({
    metadata: { name, namespace: 'kube-system' },
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });

  it('that are proven absent rule their issues out once, on the cluster', async () => {
    const { findings } = await evaluateFiles(
      [daemonSets([workload('kube-flannel', 'flannel/flannel:v0.22.1')]), ['nodes/n1/sysctl.txt', 'a.b = 0']],
      [calico],
    );
    expect(findings).toMatchObject([{ subject: { kind: 'cluster' }, verdict: 'not-affected' }]);
  });

  it('that may be there leave their issues unknown', async () => {
    const { findings } = await evaluateFiles([['nodes/n1/sysctl.txt', 'a.b = 0']], [calico]);
    expect(findings).toMatchObject([{ subject: { kind: 'node', name: 'n1' }, verdict: 'unknown' }]);
  });

  it.each([
    'docker.io/calico/node:v3.19.0',
    'registry.local:5000/mirror/calico-node@sha256:0123456789012345678901234567890123456789012345678901234567890123',
    'example.com/own/name-of-ours:v3.19.0',
  ])('are recognised by image or container name: %s', async (image) => {
    const { findings } = await evaluateFiles(
      [daemonSets([workload('calico-node', image)]), ['nodes/n1/sysctl.txt', 'a.b = 0']],
      [calico],
    );
    expect(findings).toMatchObject([{ verdict: 'affected' }]);
  });
});

it('evidence of a bundle is shown where it really stands', async () => {
  const [file] = snapshotFiles([['nodes/n1/sysctl.txt', 'a.b = 0']]);
  if (file === undefined) throw new Error('no file');
  const snapshot = await loadSnapshot([{ ...file, shownAs: 'sos_commands/kernel/sysctl_-a' }]);
  const cluster = new ClusterSubject(snapshot, { now: CASE_DATE });
  const { findings } = evaluate(cluster, [nodeIssue({ applies: old })], { includeNotAffected: false });
  expect(findings[0]?.because[0]?.evidence).toEqual([{ file: 'sos_commands/kernel/sysctl_-a', line: 1 }]);
});
