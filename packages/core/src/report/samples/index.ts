import type { Issue } from '../../model/issue.ts';
import { REPORT_SCHEMA, type Report } from '../../model/report.ts';
import {
  externalAddress,
  IPSET,
  JOURNAL,
  offloadAffected,
  PODS,
  portReuseMitigated,
  portReuseSuspected,
  undecided,
} from './findings.ts';
import { HOSTILE, hostileFindings, hostileIssues } from './hostile.ts';
import { SAMPLE_ISSUES } from './issues.ts';

/** A report that every format must cope with. */
export interface Sample {
  readonly name: string;
  readonly report: Report;
  readonly issues: readonly Issue[];
}

const base = {
  schema: REPORT_SCHEMA,
  netvet: '0.1.0',
  catalogue: { version: '2026.11.20', issues: 120 },
} as const;

const typical: Report = {
  ...base,
  source: { kind: 'evidence-directory', takenAt: '2026-11-20T12:00:00Z', nodes: 3 },
  summary: { affected: 3, mitigated: 0, notAffected: 115, unknown: 2 },
  findings: [
    offloadAffected('n1', '4.18.0-305.el8'),
    offloadAffected('n2', '4.18.0-240.el8'),
    portReuseSuspected('n1'),
    portReuseMitigated('n2'),
    undecided('kube-proxy/ipvs-port-reuse-one-second-delay', 'n3', [
      { fact: 'kube-proxy mode', command: 'curl -s 127.0.0.1:10249/proxyMode', where: 'node' },
    ]),
    undecided('calico/example-needs-pods', 'n1', [PODS, IPSET]),
    undecided('os/ipset-revision-mismatch', 'n3', [IPSET]),
    externalAddress('shop/frontend', 4),
    externalAddress('shop/backend', 7),
  ],
  coverage: [
    {
      subject: { kind: 'node', name: 'n3' },
      probe: 'sysctl',
      status: 'damaged',
      file: 'nodes/n3/sysctl.txt',
      line: 17,
      reason: 'expected "name = value": kernel.panic',
    },
    {
      subject: { kind: 'node', name: 'n3' },
      probe: 'iptables-nft-save',
      status: 'not-permitted',
      file: 'nodes/n3/iptables-nft-save.txt',
      reason: 'you must be root',
    },
    { subject: { kind: 'cluster', name: 'prod' }, probe: 'pods', status: 'not-collected' },
    { subject: { kind: 'node', name: 'n1' }, probe: 'ipset-save', status: 'not-collected' },
    { subject: { kind: 'node', name: 'n3' }, probe: 'ipset-save', status: 'not-collected' },
  ],
};

function nodeName(index: number): string {
  return `node-${String(index).padStart(3, '0')}`;
}

/** 340 nodes: most are affected, some in another way, and many issues lack the same few facts. */
function makeLarge(): Report {
  const nodes = Array.from({ length: 340 }, (_, index) => nodeName(index + 1));
  const undecidedIssues = Array.from(
    { length: 31 },
    (_, index) => `kernel/example-${String(index + 1).padStart(2, '0')}`,
  );
  const lacking = (index: number) =>
    index % 3 === 0 ? [IPSET] : index % 3 === 1 ? [IPSET, JOURNAL] : [PODS];
  return {
    ...base,
    source: { kind: 'snapshot', takenAt: '2026-11-20T12:00:00Z', nodes: 340 },
    summary: { affected: 2, mitigated: 0, notAffected: 87, unknown: 31 },
    findings: [
      ...nodes.slice(0, 212).map((node) => offloadAffected(node, '4.18.0-305.el8')),
      ...nodes.filter((_, index) => index % 40 === 7).map(portReuseSuspected),
      ...nodes.slice(300).map(portReuseMitigated),
      ...undecidedIssues.flatMap((issue, index) =>
        nodes.map((node) => undecided(issue, node, lacking(index))),
      ),
    ],
    coverage: [
      ...nodes.slice(0, 90).map((name) => ({
        subject: { kind: 'node' as const, name },
        probe: 'journal',
        status: 'timed-out' as const,
        reason: 'no answer in 30 s',
      })),
      { subject: { kind: 'cluster', name: 'prod' }, probe: 'pods', status: 'not-collected' },
      ...nodes.map((name) => ({
        subject: { kind: 'node' as const, name },
        probe: 'ipset-save',
        status: 'not-collected' as const,
      })),
    ],
  };
}

const empty: Report = {
  ...base,
  source: { kind: 'node', nodes: 1 },
  summary: { affected: 0, mitigated: 0, notAffected: 120, unknown: 0 },
  findings: [],
  coverage: [],
};

const hostile: Report = {
  ...base,
  source: { kind: HOSTILE, takenAt: HOSTILE, nodes: 2 },
  summary: { affected: 1, mitigated: 1, notAffected: 0, unknown: 1 },
  findings: hostileFindings(),
  coverage: [
    {
      subject: { kind: 'node', name: HOSTILE },
      probe: HOSTILE,
      status: 'damaged',
      file: `nodes/${HOSTILE}/sysctl.txt`,
      line: 1,
      reason: HOSTILE,
    },
  ],
};

/** The reports that golden files are made of. */
export const SAMPLES: readonly Sample[] = [
  { name: 'typical', report: typical, issues: SAMPLE_ISSUES },
  { name: 'large', report: makeLarge(), issues: SAMPLE_ISSUES },
  { name: 'empty', report: empty, issues: SAMPLE_ISSUES },
  { name: 'hostile', report: hostile, issues: hostileIssues() },
];
