import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { annotationsOf, fieldOf, textOf } from '../objects.ts';

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const STATUS = ['k8s.v1.cni.cncf.io/network-status', 'k8s.v1.cni.cncf.io/networks-status'] as const;

/** A pod that asked for further networks, runs, and was never seen by Multus. */
function lacksNetworks(pod: StoredObject): boolean {
  const annotations = annotationsOf(pod);
  return (
    textOf(annotations[NETWORKS]) !== undefined &&
    STATUS.every((name) => annotations[name] === undefined) &&
    fieldOf(pod.object, 'spec.hostNetwork') !== true &&
    fieldOf(pod.object, 'status.phase') === 'Running'
  );
}

/** Pods of the node that run without the networks they ask for. */
export const podsWithoutNetworks: FactDefinition<readonly string[]> = {
  id: 'multus.pods-without-networks',
  title: 'running pods that ask for networks and have no network-status',
  level: 'node',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const pods = read.nodeName() === undefined ? read.objects('pods') : read.podsOnNode();
    if (pods === undefined) return unknown(missingObjects('pods'));
    const found = pods.items.filter(lacksNetworks);
    if (found.length === 0 && !pods.complete) return unknown(missingObjects('pods'));
    return known(
      [...new Set(found.map(({ object }) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`))],
      ...found.slice(0, 3).map((pod) => inObject(pod, '/metadata/annotations')),
    );
  },
};
