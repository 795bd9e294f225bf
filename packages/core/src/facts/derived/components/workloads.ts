import type { Reader } from '../../reader.ts';
import { containersInObjects, type FoundContainer } from './containers.ts';

/** Resources whose pod templates name the images of components. */
export const WORKLOAD_RESOURCES = ['daemonsets.apps', 'deployments.apps', 'statefulsets.apps'] as const;

const cache = new WeakMap<object, readonly FoundContainer[]>();

/** Containers of known components in all workloads of the cluster and, for static pods, in its pods. */
export function workloadContainers(read: Reader): readonly FoundContainer[] {
  const found: FoundContainer[] = [];
  for (const resource of WORKLOAD_RESOURCES) {
    const list = read.objects(resource);
    if (list !== undefined) found.push(...remembered(list, 'template'));
  }
  return found;
}

/** Containers of known components in all pods of the cluster. */
export function podContainers(read: Reader): readonly FoundContainer[] {
  const pods = read.objects('pods');
  return pods === undefined ? [] : remembered(pods, 'pod');
}

function remembered(list: Parameters<typeof containersInObjects>[0], where: 'pod' | 'template') {
  let found = cache.get(list);
  if (found === undefined) {
    found = containersInObjects(list, where);
    cache.set(list, found);
  }
  return found;
}
