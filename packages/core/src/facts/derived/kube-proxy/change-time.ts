import type { Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
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
  const names = new Set(
    (sliceOf(slice).endpoints ?? []).flatMap(({ targetRef }) =>
      targetRef?.kind === 'Pod' && targetRef.name !== undefined
        ? [`${targetRef.namespace ?? slice.object.metadata.namespace ?? ''}/${targetRef.name}`]
        : [],
    ),
  );
  if (names.size === 0) return [];
  return (read.objects('pods')?.items ?? [])
    .filter(({ object }) => names.has(`${object.metadata.namespace ?? ''}/${object.metadata.name}`))
    .flatMap(({ object }) => {
      const status = object.status as PodStatus | undefined;
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      const deletion = object.metadata.deletionTimestamp;
      return [
        ready?.lastTransitionTime,
        status?.startTime,
        typeof deletion === 'string' ? deletion : undefined,
      ];
    })
    .filter((time): time is string => typeof time === 'string');
}
