import { expect, it } from 'vitest';
import { podLogsCommand } from '../../facts/pod-logs-command.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { CoverageItem } from '../../model/coverage.ts';
import type { Finding, MissingFact, Verdict } from '../../model/finding.ts';
import { PROBES } from '../../probes/catalogue.ts';
import { buildReport } from './build-report.ts';
import { PROBE_IDS } from './probe-ids.ts';
import { PROBES_BY_COMMAND } from './wanted-evidence.ts';

const REST = {
  kind: 'evidence-directory',
  nodes: 2,
  netvet: '0.1.0',
  catalogue: { version: '1', issues: 9 },
};

function snapshotWith(coverage: readonly CoverageItem[], more: Partial<Snapshot> = {}): Snapshot {
  return { nodes: [], objects: new Map(), logs: [], coverage, ...more };
}

function unknownOn(node: string, missing: readonly MissingFact[], verdict: Verdict = 'unknown'): Finding {
  const subject = { kind: 'node', name: node } as const;
  return { issue: 'os/x', severity: 'low', subject, verdict, because: [], missing, remedies: [] };
}

function coverageOf(findings: readonly Finding[], snapshot: Snapshot): readonly CoverageItem[] {
  return buildReport({ ...REST, evaluation: { findings, verdicts: new Map() }, snapshot }).coverage;
}

const ON_N1 = { command: 'ipset save', fact: 'IP sets', where: 'node n1' };

it('counts issues by their worst verdict', () => {
  const verdicts = new Map<string, Verdict>([
    ['a/1', 'affected'],
    ['a/2', 'not-affected'],
    ['a/3', 'not-affected'],
    ['a/4', 'unknown'],
    ['a/5', 'mitigated'],
  ]);

  const { summary } = buildReport({
    ...REST,
    evaluation: { findings: [], verdicts },
    snapshot: snapshotWith([]),
  });

  expect(summary).toEqual({ affected: 1, mitigated: 1, notAffected: 2, unknown: 1 });
});

it('leaves out the time that nobody wrote down', () => {
  const evaluation = { findings: [], verdicts: new Map() };
  const takenAt = '2026-11-20T12:00:00Z';

  expect(buildReport({ ...REST, evaluation, snapshot: snapshotWith([]) }).source).toEqual({
    kind: 'evidence-directory',
    nodes: 2,
  });
  expect(buildReport({ ...REST, evaluation, snapshot: snapshotWith([], { takenAt }) }).source.takenAt).toBe(
    takenAt,
  );
});

it('gives trouble of the cluster the name of the cluster', () => {
  const damaged = {
    subject: { kind: 'cluster', name: 'cluster' },
    probe: 'pods',
    status: 'damaged',
  } as const;

  expect(coverageOf([], snapshotWith([damaged], { cluster: 'prod' }))).toEqual([
    { ...damaged, subject: { kind: 'cluster', name: 'prod' } },
  ]);
  expect(coverageOf([], snapshotWith([damaged]))).toEqual([damaged]);
});

it('adds what undecided findings lack, each once, by node and cluster', () => {
  const pods = { fact: 'objects of pods', command: 'kubectl get pods -A -o json' };
  const calico = { fact: 'objects of ippools.crd.projectcalico.org', command: 'kubectl get …' };
  const findings = [
    unknownOn('n1', [ON_N1, pods]),
    unknownOn('n1', [ON_N1]),
    unknownOn('n2', [pods, calico]),
  ];

  expect(coverageOf(findings, snapshotWith([], { cluster: 'prod' }))).toEqual([
    {
      subject: { kind: 'cluster', name: 'prod' },
      probe: 'ippools.crd.projectcalico.org',
      status: 'not-collected',
    },
    { subject: { kind: 'cluster', name: 'prod' }, probe: 'pods', status: 'not-collected' },
    { subject: { kind: 'node', name: 'n1' }, probe: 'ipset-save', status: 'not-collected' },
  ]);
});

it('orders the coverage whatever the order of the files', () => {
  const items = ['n2', 'n1'].flatMap((name) =>
    [9, 2].map((line): CoverageItem => {
      const file = `nodes/${name}/sysctl.txt`;
      return { subject: { kind: 'node', name }, probe: 'sysctl', status: 'damaged', file, line };
    }),
  );

  const forward = coverageOf([], snapshotWith(items));

  expect(forward).toEqual(coverageOf([], snapshotWith([...items].reverse())));
  expect(forward.map(({ subject, line }) => [subject.name, line])).toEqual([
    ['n1', 2],
    ['n1', 9],
    ['n2', 2],
    ['n2', 9],
  ]);
});

it('does not repeat what is listed as damaged or refused', () => {
  const refused = {
    subject: { kind: 'node', name: 'n1' },
    probe: 'ipset-save',
    status: 'not-permitted',
    file: 'nodes/n1/ipset-save.txt',
  } as const;

  expect(coverageOf([unknownOn('n1', [ON_N1])], snapshotWith([refused]))).toEqual([refused]);
});

it('names the device or file that is missing of a family', () => {
  const missing = {
    fact: 'offload features (vxlan.calico)',
    command: 'ethtool -k vxlan.calico',
    where: 'node n1',
  };

  expect(coverageOf([unknownOn('n1', [missing])], snapshotWith([]))).toEqual([
    {
      subject: { kind: 'node', name: 'n1' },
      probe: 'ethtool-features',
      status: 'not-collected',
      reason: 'for vxlan.calico',
    },
  ]);
});

it.each([
  ['image of kube-proxy', 'kubectl get daemonsets,pods -A -o json', ['daemonsets.apps', 'pods']],
  ['kube-proxy settings', 'kubectl -n kube-system get configmaps,jobs -o json', ['configmaps', 'jobs.batch']],
  ['sysctl net.ipv4.ip_forward', 'sysctl net.ipv4.ip_forward', ['sysctl']],
  ['kernel module ip_vs', 'modprobe --dry-run ip_vs', ['modules-available']],
  ['log of kube-proxy', podLogsCommand('kube-proxy', '--all-containers'), ['logs']],
  ['something new', 'cat /proc/something', ['something new']],
])('lists the evidence that holds the fact %j', (fact, command, probes) => {
  const coverage = coverageOf([unknownOn('n1', [{ fact, command, where: 'each node' }])], snapshotWith([]));

  expect(coverage).toEqual(
    probes.map((probe) => ({ subject: { kind: 'node', name: 'n1' }, probe, status: 'not-collected' })),
  );
});

it('lists evidence once that several facts want', () => {
  const one = { fact: 'sysctl a', command: 'sysctl a', where: 'node n1' };
  const other = { fact: 'sysctl b', command: 'sysctl b', where: 'node n1' };

  expect(coverageOf([unknownOn('n1', [one, other])], snapshotWith([]))).toHaveLength(1);
});

it('sends commands only to probes that exist', () => {
  const ids = new Set([...PROBES.map(({ id }) => id), 'logs', 'version']);

  expect(PROBES_BY_COMMAND.filter(([, probe]) => !ids.has(probe))).toEqual([]);
});

it('adds nothing for findings that are decided', () => {
  expect(coverageOf([unknownOn('n1', [ON_N1], 'affected')], snapshotWith([]))).toEqual([]);
});

it('knows the title of every probe', () => {
  expect(PROBE_IDS).toEqual(Object.fromEntries(PROBES.map(({ title, id }) => [title, id])));
});
