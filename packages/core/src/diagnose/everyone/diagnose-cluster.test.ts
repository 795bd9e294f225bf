import { describe, expect, it } from 'vitest';
import { loadSnapshot } from '../../facts/snapshot/load.ts';
import { diagnoseCluster } from './diagnose-cluster.ts';
import type { ClusterDiagnosis } from './model.ts';
import { type ClusterPlan, clusterFiles } from './testing/cluster-files.ts';

const PLAN: ClusterPlan = { nodes: 6, podsPerNode: 3, services: 4, carrying: 'vxlan', masquerades: true };
const PAIRS = 24 * 23;

type Files = Readonly<Record<string, string>>;

async function diagnose(files: Files): Promise<ClusterDiagnosis> {
  const encoder = new TextEncoder();
  return diagnoseCluster(
    await loadSnapshot(
      Object.entries(files).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] })),
    ),
  );
}

function without(files: Files, path: string, text: string): Files {
  const lines = (files[path] ?? '').split('\n');
  const kept = lines.filter((line) => !line.includes(text));
  if (kept.length === lines.length) throw new Error(`${path} has no line with ${text}`);
  return { ...files, [path]: kept.join('\n') };
}

describe('a cluster as a whole', () => {
  it('has no problem where it is healthy', async () => {
    const { members, toServices, problems, nodes, pods } = await diagnose(clusterFiles(PLAN));
    expect(problems).toEqual([]);
    expect({ nodes, pods }).toEqual({ nodes: 6, pods: 18 });
    expect(members).toEqual({ pairs: PAIRS, reachable: 30, handedOver: PAIRS - 30, broken: 0, unknown: 0 });
    expect(toServices).toEqual({ pairs: 4, reachable: 0, handedOver: 4, broken: 0, unknown: 0 });
  });

  it('names the one node that a peer is unknown to, and both ends of the pairs', async () => {
    const files = without(clusterFiles(PLAN), 'nodes/n0002/bridge-fdb.txt', '02:01:00:00:00:04');
    const { members, problems } = await diagnose(files);
    // From the three pods of n0002 and the node itself to the three pods of n0005, whose tunnel endpoint is gone.
    const toPods = problems.find(({ to }) => to.first.includes('pod/default/p-4-0'));
    expect(toPods).toMatchObject({
      reach: 'broken',
      pairs: 12,
      from: { count: 4, first: expect.arrayContaining(['node/n0002', 'pod/default/p-1-0']) },
      to: { count: 3 },
      causes: [{ cause: 'tunnel-endpoint-unknown', subject: { kind: 'node', name: 'n0002' } }],
    });
    expect(members.broken).toBe(problems.reduce((sum, { pairs }) => sum + pairs, 0));
    expect(members.pairs).toBe(PAIRS);
  });

  it('names a peer that one node alone does not let in', async () => {
    const files = without(
      clusterFiles(PLAN),
      'nodes/n0003/ipset-save.txt',
      'add cali40all-vxlan-net 172.16.0.6',
    );
    const { problems } = await diagnose(files);
    expect(problems).toMatchObject([
      { reach: 'broken', causes: [{ cause: 'tunnel-peer-filtered' }], pairs: 12 },
    ]);
  });

  it('finds the one pod whose route is gone, from everywhere', async () => {
    const files = without(clusterFiles(PLAN), 'nodes/n0004/ip-route.txt', '10.128.0.195 dev');
    const { members, problems } = await diagnose(files);
    const toPod = problems.filter(({ to }) => to.first.includes('pod/default/p-3-1'));
    expect(toPod.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(23);
    expect(toPod[0]?.text).toContain('10.128.0.195');
    expect(members.broken).toBeGreaterThanOrEqual(23);
  });

  it('finds a service that the rules of one node lack', async () => {
    const files = without(
      clusterFiles(PLAN),
      'nodes/n0006/iptables-nft-save.txt',
      '-A KUBE-SERVICES -d 10.96.1.2/32',
    );
    const { toServices, problems } = await diagnose(files);
    // Two groups of nodes with four services each.
    expect(toServices.pairs).toBe(8);
    const [problem] = problems;
    expect(problem).toMatchObject({ to: { first: ['service/default/s-2:80'] }, pairs: 1 });
    expect(problem?.from.first[0]).toMatch(/^pod\/default\/p-5-/);
  });

  it('says of nodes without evidence that nobody knows about their packets', async () => {
    const files = Object.fromEntries(
      Object.entries(clusterFiles(PLAN)).filter(([path]) => !path.startsWith('nodes/n0001/')),
    );
    const { members, problems } = await diagnose(files);
    expect(members.unknown).toBeGreaterThanOrEqual(4 * 20);
    expect(problems.map(({ text }) => text).join()).toContain('no evidence of node n0001');
  });
});
