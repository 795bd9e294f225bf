import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';
import { objectName, type StoredObject } from '../../snapshot/object-store.ts';
import { type Blocker, finalizersOf } from './deletion.ts';
import { ownerOfFinalizer } from './finalizers.ts';

const CONDITIONS: ReadonlySet<string> = new Set([
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
]);

/** Resources that are looked at even where the Namespace does not name them. */
const USUAL_RESOURCES = [
  'pods',
  'services',
  'persistentvolumeclaims',
  'ingresses.networking.k8s.io',
] as const;
const LIMIT = 12;

/**
 * What holds the deletion of a Namespace up: conditions of its status, finalizers of its own, objects that remain in
 * it with their finalizers, and aggregated APIs that do not answer. Empty where the evidence shows nothing.
 */
export const namespaceBlockers: FactDefinition<readonly string[]> = {
  id: 'kubernetes.namespace-blockers',
  title: 'what holds the deletion of the Namespace up',
  level: 'object',
  format: (lines) => lines.join('; ') || 'nothing that the evidence shows',
  compute(read) {
    const stored = read.object();
    if (stored === undefined)
      return unknown({ fact: 'the Namespace', command: 'kubectl get namespaces -o json' });
    const conditions = conditionBlockers(stored);
    const blockers = [
      ...conditions,
      ...ownFinalizers(stored),
      ...remainingObjects(read, stored, conditions),
      ...unavailableApis(read),
    ].slice(0, LIMIT);
    const origins =
      blockers.length > 0 ? blockers.map(({ origin }) => origin) : [inObject(stored, '/status')];
    return known(
      blockers.map(({ text }) => text),
      ...origins,
    );
  },
};

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

function conditionsOf({ object }: StoredObject): readonly Condition[] {
  const conditions = (object.status as { conditions?: unknown } | undefined)?.conditions;
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
}

function conditionBlockers(stored: StoredObject): Blocker[] {
  return conditionsOf(stored).flatMap(({ type = '', status, reason = '', message = '' }, index) =>
    CONDITIONS.has(type) && status === 'True'
      ? [
          {
            text: `${type} (${reason}): ${message}`,
            origin: inObject(stored, `/status/conditions/${index}`),
          },
        ]
      : [],
  );
}

/** `spec.finalizers` is the namespace controller's own list and goes last; only metadata names other owners. */
function ownFinalizers(stored: StoredObject): Blocker[] {
  return finalizersOf(stored).map((finalizer, index) => ({
    text: `the Namespace has the finalizer ${finalizer} of ${ownerOfFinalizer(finalizer).owner}`,
    origin: inObject(stored, `/metadata/finalizers/${index}`),
  }));
}

function remainingObjects(read: Reader, { object }: StoredObject, conditions: readonly Blocker[]): Blocker[] {
  const named = conditions.flatMap(({ text }) => [
    ...text.matchAll(/([a-z0-9.-]+?)\.? has \d+ resource instances/g),
  ]);
  const resources = new Set([...named.map((match) => match[1] ?? ''), ...USUAL_RESOURCES]);
  return [...resources].flatMap((resource) =>
    (read.objects(resource)?.items ?? [])
      .filter((one) => one.object.metadata.namespace === object.metadata.name)
      .map((one) => ({ text: remaining(resource, one), origin: inObject(one, '/metadata') })),
  );
}

function remaining(resource: string, stored: StoredObject): string {
  const finalizers = finalizersOf(stored);
  const owners = finalizers.map((finalizer) => `${finalizer} of ${ownerOfFinalizer(finalizer).owner}`);
  return `${resource} ${objectName(stored.object)} remains${owners.length > 0 ? ` with ${owners.join(', ')}` : ''}`;
}

function unavailableApis(read: Reader): Blocker[] {
  return (read.objects('apiservices.apiregistration.k8s.io')?.items ?? []).flatMap((stored) => {
    const available = conditionsOf(stored).find(({ type }) => type === 'Available');
    if (available?.status !== 'False') return [];
    return [
      {
        text: `APIService ${stored.object.metadata.name} is not available: ${available.reason ?? ''}`,
        origin: inObject(stored, '/status/conditions'),
      },
    ];
  });
}
