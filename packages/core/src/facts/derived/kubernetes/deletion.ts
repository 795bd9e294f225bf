import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { WORKLOAD_RESOURCES } from '../components/workloads.ts';
import { type FinalizerOwner, ownerOfFinalizer } from './finalizers.ts';

/**
 * Seconds by which the deletion of the object is overdue: since its deletion time, which already includes its own
 * grace, and for a Namespace since the latest deletion time of the pods in it. Negative: not due yet.
 */
export const deletionOverdue: FactDefinition<number> = {
  id: 'kubernetes.deletion-overdue-seconds',
  title: 'seconds by which the deletion is overdue',
  level: 'object',
  // Coarse, so that two reports on the same evidence rarely differ where it does not say when it was taken.
  format: coarseDuration,
  compute(read) {
    const stored = read.object();
    const own = stored === undefined ? undefined : deletionTime(stored);
    const taken = Date.parse(read.takenAt);
    if (stored === undefined || own === undefined || Number.isNaN(taken)) {
      return unknown({
        fact: 'deletion time of the object',
        command: 'date -u +%FT%TZ; kubectl get … -o json',
      });
    }
    const pods = stored.object.metadata.namespace === undefined ? podsOf(read, stored) : [];
    const latest = Math.max(own, ...pods.flatMap((pod) => deletionTime(pod) ?? []));
    return known(Math.floor((taken - latest) / 1000), inObject(stored, '/metadata/deletionTimestamp'));
  },
};

function coarseDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  if (hours < 2) return `${seconds} s`;
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

function deletionTime({ object }: StoredObject): number | undefined {
  const text = object.metadata.deletionTimestamp;
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function podsOf(read: Reader, { object }: StoredObject): readonly StoredObject[] {
  return (read.objects('pods')?.items ?? []).filter(
    (pod) => pod.object.metadata.namespace === object.metadata.name,
  );
}

/** Finalizers that hold the object, each with its owner, whether that runs, and what forcing it would leave behind. */
export const finalizerOwners: FactDefinition<readonly string[]> = {
  id: 'kubernetes.finalizer-owners',
  title: 'finalizers and their owners',
  level: 'object',
  format: (lines) => lines.join('; ') || 'none',
  compute(read): Fact<readonly string[]> {
    const stored = read.object();
    if (stored === undefined) return unknown({ fact: 'the object', command: 'kubectl get … -o json' });
    const finalizers = finalizersOf(stored);
    const lines = finalizers.map((finalizer) => {
      const owner = ownerOfFinalizer(finalizer);
      return `${finalizer} (${owner.owner}${ownerState(read, owner)}; forcing it leaves behind ${owner.leavesBehind})`;
    });
    return known(lines, inObject(stored, '/metadata/finalizers'));
  },
};

export function finalizersOf({ object }: StoredObject): readonly string[] {
  const { finalizers } = object.metadata;
  return Array.isArray(finalizers) ? finalizers.filter((one): one is string => typeof one === 'string') : [];
}

interface Workload {
  readonly spec?: { readonly replicas?: number; readonly template?: { readonly spec?: PodSpec } };
  readonly status?: { readonly readyReplicas?: number; readonly numberReady?: number };
}

interface PodSpec {
  readonly containers?: readonly { readonly image?: string }[];
}

/** Whether the owner has a workload with ready pods, as far as workloads were collected. */
function ownerState(read: Reader, { image }: FinalizerOwner): string {
  if (image === undefined) return '';
  const lists = WORKLOAD_RESOURCES.map((resource) => read.objects(resource));
  const workloads = lists
    .flatMap((list) => list?.items ?? [])
    .filter(({ object }) => runs(object as Workload, image));
  if (workloads.some(({ object }) => isReady(object as Workload))) return ', which has ready pods';
  if (workloads.length > 0) return ', which has no ready pods';
  const deployments = read.objects('deployments.apps');
  return deployments?.complete === true ? ', of which no workload was found' : '';
}

function runs({ spec }: Workload, image: RegExp): boolean {
  const containers = spec?.template?.spec?.containers;
  return (
    Array.isArray(containers) && containers.some((one: { image?: string }) => image.test(one.image ?? ''))
  );
}

function isReady({ status }: Workload): boolean {
  return (status?.readyReplicas ?? status?.numberReady ?? 0) > 0;
}

/** Places of things that hold a deletion up. */
export interface Blocker {
  readonly text: string;
  readonly origin: Origin;
}
