import type { Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { sliceOf } from './service-index.ts';

interface PodStatus {
  readonly startTime?: string;
  readonly conditions?: readonly { readonly type?: string; readonly lastTransitionTime?: string }[];
}

/**
 * Seconds between the latest change of a Service's endpoints that the evidence shows and the snapshot; undefined where
 * it shows none.
 */
export function secondsSinceChange(read: Reader, slices: readonly StoredObject[]): number | undefined {
  const taken = Date.parse(read.takenAt);
  const times = slices
    .flatMap((slice) => [...sliceTimes(slice), ...podTimes(read, slice)])
    .map((text) => Date.parse(text))
    .filter((time) => !Number.isNaN(time));
  if (times.length === 0 || Number.isNaN(taken)) return undefined;
  return (taken - Math.max(...times)) / 1000;
}

function sliceTimes({ object: { metadata } }: StoredObject): string[] {
  const annotations = metadata.annotations as Readonly<Record<string, unknown>> | undefined;
  return [
    metadata.creationTimestamp,
    annotations?.['endpoints.kubernetes.io/last-change-trigger-time'],
  ].filter((time): time is string => typeof time === 'string');
}

/** A pod that became ready or not ready has changed the slice. */
function podTimes(read: Reader, slice: StoredObject): string[] {
  const pods = read.objects('pods');
  if (pods === undefined) return [];
  const byName = podsByName(pods);
  return (sliceOf(slice).endpoints ?? []).flatMap(({ targetRef }) => {
    if (targetRef?.kind !== 'Pod' || targetRef.name === undefined) return [];
    const namespace = targetRef.namespace ?? slice.object.metadata.namespace ?? '';
    const pod = byName.get(`${namespace}/${targetRef.name}`);
    const status = pod?.object.status as PodStatus | undefined;
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    const times = [ready?.lastTransitionTime, status?.startTime, pod?.object.metadata.deletionTimestamp];
    return times.filter((time): time is string => typeof time === 'string');
  });
}

const podIndexes = new WeakMap<ObjectList, ReadonlyMap<string, StoredObject>>();

function podsByName(pods: ObjectList): ReadonlyMap<string, StoredObject> {
  let index = podIndexes.get(pods);
  if (index === undefined) {
    index = new Map(
      pods.items.map((pod) => [`${pod.object.metadata.namespace ?? ''}/${pod.object.metadata.name}`, pod]),
    );
    podIndexes.set(pods, index);
  }
  return index;
}
