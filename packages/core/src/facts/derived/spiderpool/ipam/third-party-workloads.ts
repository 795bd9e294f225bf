import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import { objectName, type StoredObject } from '../../../snapshot/object-store.ts';
import {
  annotationsOf,
  byName,
  controllerOf,
  eventsWhere,
  type Fields,
  fieldOf,
  fieldsOf,
  labelsOf,
  POOLS,
} from '../objects.ts';

/** Workloads that Spiderpool makes automatic pools for, with the place of their pod template. */
const WORKLOADS = [
  ['StatefulSet', 'statefulsets.apps', 'spec.template'],
  ['Deployment', 'deployments.apps', 'spec.template'],
  ['DaemonSet', 'daemonsets.apps', 'spec.template'],
  ['Job', 'jobs.batch', 'spec.template'],
  ['ReplicaSet', 'replicasets.apps', 'spec.template'],
  ['CronJob', 'cronjobs.batch', 'spec.jobTemplate.spec.template'],
] as const;

const ANNOTATIONS = ['ipam.spidernet.io/subnet', 'ipam.spidernet.io/subnets'] as const;
const BUILT_IN = new Set(['apps', 'batch', 'extensions', '']);

interface ThirdParty {
  readonly kind: string;
  readonly stored: StoredObject;
  readonly owner: Fields;
}

/** Workloads with a subnet annotation that a controller of another API group owns. */
function thirdPartyWorkloads(read: Reader): readonly ThirdParty[] {
  return WORKLOADS.flatMap(([kind, resource, template]) =>
    [...byName(read.objects(resource)).values()].flatMap((stored) => {
      const owner = controllerOf(stored);
      const annotations = fieldsOf(fieldOf(stored.object, `${template}.metadata.annotations`));
      if (owner === undefined || isBuiltIn(owner) || !wantsSubnet(annotations)) return [];
      return [{ kind, stored, owner }];
    }),
  );
}

function isBuiltIn({ apiVersion }: Fields): boolean {
  const [group = ''] = String(apiVersion ?? '').includes('/') ? String(apiVersion).split('/') : [''];
  return BUILT_IN.has(group);
}

function wantsSubnet(annotations: Fields): boolean {
  return ANNOTATIONS.some((name) => Object.hasOwn(annotations, name));
}

/** Workloads that are concerned, in words. */
export const thirdPartyOwned: FactDefinition<readonly string[]> = {
  id: 'spiderpool.third-party-workloads',
  title: 'workloads with a subnet annotation that a third-party controller owns',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const found = thirdPartyWorkloads(read);
    if (found.length === 0) return nobody(read);
    return known(
      found.map(
        ({ kind, stored, owner }) =>
          `${kind} ${objectName(stored.object)} of ${String(owner.kind)} ${String(owner.name)}`,
      ),
      ...found.slice(0, 3).map(({ stored }) => inObject(stored, '/metadata/ownerReferences')),
    );
  },
};

/** No pod has the annotation, or no workload of any kind has such an owner. */
function nobody(read: Reader): Fact<readonly string[]> {
  const pods = read.objects('pods');
  const isAsked = pods?.items.some((pod) => wantsSubnet(annotationsOf(pod))) !== false;
  if (pods?.complete === true && !isAsked) return known([], ...pods.files.map((file) => ({ file })));
  const missing = WORKLOADS.map(([, resource]) => resource).filter(
    (resource) => read.objects(resource)?.complete !== true,
  );
  return missing.length === 0 ? known([]) : unknown(...missing.map(missingObjects));
}

const NO_CANDIDATE = /no matching auto-created IPPool candidate/;

/** Such workloads that have no automatic pool and whose pods are refused for the lack of it. */
export const missingAutoPools: FactDefinition<readonly string[]> = {
  id: 'spiderpool.missing-auto-pools',
  title: 'workloads of third-party controllers whose pods wait for an automatic pool',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const pools = read.objects(POOLS);
    const found = thirdPartyWorkloads(read).flatMap((workload) => {
      const event = refusal(read, workload.stored);
      return event === undefined || hasPool(read, workload) ? [] : [{ workload, event }];
    });
    if (found.length === 0 || pools?.complete !== true) {
      const settled = read.fact(thirdPartyOwned);
      if (settled.state === 'known' && settled.value.length === 0) return known([]);
      return found.length === 0 && pools?.complete === true ? known([]) : unknown(missingObjects(POOLS));
    }
    return known(
      found.map(({ workload }) => `${workload.kind} ${objectName(workload.stored.object)}`),
      ...found.slice(0, 3).flatMap(({ workload, event }) => [inObject(workload.stored), event]),
    );
  },
};

/** An event about a pod of the workload, whose name starts with the workload's. */
function refusal(read: Reader, { object }: StoredObject): Origin | undefined {
  const { name, namespace } = object.metadata;
  const [event] = eventsWhere(
    read,
    ({ message, about }) =>
      about.namespace === namespace &&
      String(about.name ?? '').startsWith(`${name}-`) &&
      NO_CANDIDATE.test(message),
  );
  return event === undefined ? undefined : inObject(event.stored);
}

function hasPool(read: Reader, { kind, stored }: ThirdParty): boolean {
  const { name, namespace } = stored.object.metadata;
  return [...byName(read.objects(POOLS)).values()]
    .map(labelsOf)
    .some(
      (labels) =>
        labels['ipam.spidernet.io/owner-application-kind'] === kind &&
        labels['ipam.spidernet.io/owner-application-namespace'] === namespace &&
        labels['ipam.spidernet.io/owner-application-name'] === name,
    );
}
