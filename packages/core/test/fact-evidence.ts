import { type Fact, formatFact } from '../src/facts/fact.ts';
import { factById } from '../src/facts/registry.ts';
import { loadSnapshot } from '../src/facts/snapshot/load.ts';
import { ClusterSubject, ObjectSubject } from '../src/facts/subjects.ts';

export type Files = Readonly<Record<string, unknown>>;

const encoder = new TextEncoder();

async function clusterOf(files: Files): Promise<ClusterSubject> {
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, content]) => ({
      path,
      chunks: [encoder.encode(typeof content === 'string' ? content : JSON.stringify(content))],
    })),
  );
  return new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' });
}

/** A fact of the cluster, of its first node, or of the first object of `resource`. */
export async function factOf(files: Files, id: string, of = '', resource?: string): Promise<Fact<unknown>> {
  const cluster = await clusterOf(files);
  const definition = factById(id);
  if (definition === undefined) throw new Error(`no fact ${id}`);
  if (definition.level === 'cluster') return cluster.fact(definition, of);
  const stored = resource === undefined ? undefined : cluster.snapshot.objects.get(resource)?.items[0];
  if (stored !== undefined) return new ObjectSubject(cluster, stored, 'object').fact(definition, of);
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('no node');
  return node.fact(definition, of);
}

/** The fact as a report shows it; `unknown` where it is not known. */
export async function shown(files: Files, id: string, of = '', resource?: string): Promise<string> {
  const fact = await factOf(files, id, of, resource);
  const definition = factById(id);
  if (fact.state === 'unknown' || definition === undefined) return 'unknown';
  return `${formatFact(definition, fact.value)}${fact.uncertain === undefined ? '' : ' (uncertain)'}`;
}

/** A list of objects as the API server gives it. */
export function list(...items: readonly object[]): object {
  return { kind: 'List', apiVersion: 'v1', items };
}

/** A Deployment, DaemonSet or Job with one container. */
export function workload(name: string, container: object, spec: object = {}): object {
  return {
    metadata: { name, namespace: 'spiderpool' },
    spec: { template: { spec: { ...spec, containers: [container] } } },
  };
}
