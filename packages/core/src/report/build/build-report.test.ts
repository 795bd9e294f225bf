import { expect, it } from 'vitest';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { CoverageItem } from '../../model/coverage.ts';
import type { Finding, MissingFact, Verdict } from '../../model/finding.ts';
import { PROBES } from '../../probes/catalogue.ts';
import { buildReport } from './build-report.ts';
import { PROBE_IDS } from './probe-ids.ts';

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
    { subject: { kind: 'node', name: 'n1' }, probe: 'ipset-save', status: 'not-collected' },
    { subject: { kind: 'cluster', name: 'prod' }, probe: 'pods', status: 'not-collected' },
    {
      subject: { kind: 'cluster', name: 'prod' },
      probe: 'ippools.crd.projectcalico.org',
      status: 'not-collected',
    },
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

it('lists a fact that no probe carries by its own name, on the subject where no node is named', () => {
  const missing = { fact: 'release of calico-node', command: 'kubectl get ds', where: 'each node' };

  expect(coverageOf([unknownOn('n1', [missing])], snapshotWith([]))).toEqual([
    { subject: { kind: 'node', name: 'n1' }, probe: 'release of calico-node', status: 'not-collected' },
  ]);
});

it('adds nothing for findings that are decided', () => {
  expect(coverageOf([unknownOn('n1', [ON_N1], 'affected')], snapshotWith([]))).toEqual([]);
});

it('knows the title of every probe', () => {
  expect(PROBE_IDS).toEqual(Object.fromEntries(PROBES.map(({ title, id }) => [title, id])));
});
