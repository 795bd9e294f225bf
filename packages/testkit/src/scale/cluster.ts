import { nodeEvidence } from './node-evidence.ts';
import { makeNode, makePod, makeService, type ScaleOptions } from './objects.ts';

/** A file of a generated snapshot; `pieces` is made when it is read, as the largest do not fit into one string. */
export interface GeneratedFile {
  readonly path: string;
  readonly pieces: () => Iterable<string>;
}

/** All files of a generated cluster, the same for the same options. Lists have one object a line. */
export function* generateCluster(options: ScaleOptions): Generator<GeneratedFile> {
  yield text(
    'manifest.json',
    JSON.stringify({
      schema: 'netvet.dev/snapshot/v1',
      takenAt: '2026-11-20T12:00:00Z',
      netvet: '0.1.0',
      cluster: 'scale',
      entries: [],
    }),
  );
  yield list('cluster/nodes.json', 'NodeList', 'v1', options.nodes, makeNode);
  yield list('cluster/services.json', 'ServiceList', 'v1', options.services, makeService);
  yield list('cluster/pods.json', 'PodList', 'v1', options.pods, (index) => makePod(index, options));
  for (let index = 0; index < options.nodes; index++) {
    for (const [path, content] of nodeEvidence(index, options.nodeKinds)) yield text(path, content);
  }
}

function text(path: string, content: string): GeneratedFile {
  return { path, pieces: () => [content] };
}

function list(
  path: string,
  kind: string,
  apiVersion: string,
  count: number,
  make: (index: number) => unknown,
): GeneratedFile {
  return {
    path,
    *pieces() {
      yield `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":{},"items":[\n`;
      for (let index = 0; index < count; index++)
        yield `${JSON.stringify(make(index))}${index + 1 < count ? ',' : ''}\n`;
      yield ']}';
    },
  };
}

/** Nodes and the workloads of a cluster without its pods, as texts: for measuring the evaluation alone. */
export function smallLists(nodes: number): readonly (readonly [string, string])[] {
  const items = Array.from({ length: nodes }, (_, index) => makeNode(index));
  const daemonSet = (name: string, image: string): unknown => ({
    metadata: { name, namespace: 'kube-system' },
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });
  const daemonSets = [
    daemonSet('kube-proxy', 'registry.k8s.io/kube-proxy:v1.27.3'),
    daemonSet('calico-node', 'docker.io/calico/node:v3.19.1'),
  ];
  return [
    ['cluster/nodes.json', JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', items })],
    [
      'cluster/daemonsets.apps.json',
      JSON.stringify({ kind: 'DaemonSetList', apiVersion: 'apps/v1', items: daemonSets }),
    ],
  ];
}
