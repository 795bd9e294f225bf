import { diagnoseCluster, loadSnapshot, type SnapshotFile } from '@netvet/core';
import { clusterFiles } from '../../packages/core/src/diagnose/everyone/testing/cluster-files.ts';

/** Time to say who can not reach whom in a cluster that is loaded already, in which one node does not know one peer. */
const [nodes = 0, pods = 0, services = 0] = process.argv.slice(2).map(Number);
const BROKEN = 'nodes/n0007/bridge-fdb.txt';

const encoder = new TextEncoder();

/** Each file is let go when it was read, as those of an archive are. */
function* evidence(): Generator<SnapshotFile> {
  const files = new Map(
    Object.entries(
      clusterFiles({
        nodes,
        podsPerNode: Math.round(pods / nodes),
        services,
        carrying: 'vxlan',
        masquerades: true,
      }),
    ),
  );
  for (const [path, text] of files) {
    files.delete(path);
    yield { path, chunks: [encoder.encode(path === BROKEN ? text.slice(text.indexOf('\n') + 1) : text)] };
  }
}

const snapshot = await loadSnapshot(evidence());
globalThis.gc?.();
const before = process.cpuUsage();
const start = performance.now();
const { members, toServices, problems, walks, classes } = diagnoseCluster(snapshot);
const seconds = (performance.now() - start) / 1000;
const cpu = process.cpuUsage(before);
if (members.broken === 0 || problems.length === 0) throw new Error('the broken pairs were not found');
process.stdout.write(
  JSON.stringify({
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    pairs: members.pairs,
    broken: members.broken,
    services: toServices.pairs,
    walks,
    classes,
  }),
);
