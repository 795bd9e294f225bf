import { type CollectedFile, collectNode, sealFile } from '@netvet/collect';
import type { Cluster, NodePlan, PodPlan } from '../cluster/plan.ts';
import { clusterFiles } from '../objects/index.ts';
import { nodeFiles } from './made-up.ts';
import { type Extent, probesFor } from './probes.ts';

/** The evidence of a lab: what the probes find in its namespaces now, and the objects that its API would give. */
export async function* collectFiles(
  cluster: Cluster,
  extent: Extent = 'all',
): AsyncGenerator<CollectedFile, void, undefined> {
  for (const [path, text] of Object.entries(clusterFiles(cluster))) yield given(path, text);
  for (const node of cluster.nodes) {
    yield* collectNamespace(node, extent);
    for (const [name, text] of Object.entries(nodeFiles(cluster)))
      yield given(`nodes/${node.name}/${name}`, text);
    for (const pod of cluster.pods) {
      if (pod.node.name === node.name) yield* collectPod(pod, extent);
    }
  }
}

/** Evidence as text, by path. */
export async function collectText(cluster: Cluster, extent: Extent): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { path, bytes } of collectFiles(cluster, extent)) {
    if (bytes !== undefined) files[path] = Buffer.from(bytes).toString('utf8');
  }
  return files;
}

function given(path: string, text: string): CollectedFile {
  return sealFile({
    path,
    probe: path.startsWith('cluster/') ? 'objects' : 'lab',
    status: 'ok',
    bytes: Buffer.from(text),
  });
}

function collectNamespace({ name, netns }: NodePlan, extent: Extent): AsyncGenerator<CollectedFile> {
  return collectNode({ name, enter: entering(netns), namespaces: false, probes: probesFor('node', extent) });
}

async function* collectPod(
  { namespace, name, netns, node }: PodPlan,
  extent: Extent,
): AsyncGenerator<CollectedFile> {
  const directory = `nodes/${node.name}/netns/${namespace}_${name}/`;
  const collected = collectNode({
    name: 'pod',
    enter: entering(netns),
    namespaces: false,
    probes: probesFor('pod', extent),
  });
  for await (const { path, entry, ...file } of collected) {
    const moved = path.replace('nodes/pod/', directory);
    yield { ...file, path: moved, entry: { ...entry, path: moved } };
  }
}

/** Besides the network namespace, this shows the `/sys` that belongs to it. */
function entering(netns: string): readonly string[] {
  return ['ip', 'netns', 'exec', netns];
}
