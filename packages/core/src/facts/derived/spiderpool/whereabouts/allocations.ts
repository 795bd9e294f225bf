import {
  type Fact,
  type FactDefinition,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { annotationsOf, byName, fieldOf, fieldsOf, isSettled, textOf } from '../objects.ts';

const POOLS = 'ippools.whereabouts.cni.cncf.io';
const RESERVATIONS = 'overlappingrangeipreservations.whereabouts.cni.cncf.io';

interface Allocation {
  /** `namespace/name` */
  readonly pod: string;
  readonly offset: string;
  readonly pool: StoredObject;
}

function allocationsIn(read: Reader): readonly Allocation[] {
  return [...byName(read.objects(POOLS)).values()].flatMap((pool) =>
    Object.entries(fieldsOf(fieldOf(pool.object, 'spec.allocations'))).flatMap(([offset, value]) => {
      const pod = textOf(fieldsOf(value).podref);
      return pod === undefined ? [] : [{ pod, offset, pool }];
    }),
  );
}

function originOf({ pool, offset }: Allocation): Origin {
  return inObject(pool, `/spec/allocations/${offset}`);
}

const UNSETTLED = 'the pod may have come or gone while the evidence was taken';

/**
 * Allocations of whereabouts for pods that do not exist. An allocation does not tell its age, but its reservation does:
 * without an old one a leak is only an inference.
 */
export const leakedAllocations: FactDefinition<readonly string[]> = {
  id: 'whereabouts.leaked-allocations',
  title: 'allocations of whereabouts for pods that do not exist',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const pods = read.objects('pods');
    if (pods?.complete !== true || read.objects(POOLS) === undefined) {
      return unknown(missingObjects('pods'), missingObjects(POOLS));
    }
    const live = byName(pods);
    const found = allocationsIn(read).filter(({ pod }) => !live.has(pod));
    if (found.length === 0) {
      return read.objects(POOLS)?.complete === true ? known([]) : unknown(missingObjects(POOLS));
    }
    const old = settledReservations(read);
    const certain = found.filter(({ pod }) => old.has(pod));
    const names = (list: readonly Allocation[]) =>
      list.map(({ pod, offset, pool }) => `${pod} (${pool.object.metadata.name} +${offset})`);
    return certain.length > 0
      ? known(names(certain), ...certain.slice(0, 3).map(originOf))
      : knownUncertain(names(found), UNSETTLED, ...found.slice(0, 3).map(originOf));
  },
};

/** Pods with a reservation that was made well before the evidence was taken. */
function settledReservations(read: Reader): ReadonlySet<string> {
  const old = [...byName(read.objects(RESERVATIONS)).values()].filter(
    (stored) => isSettled(read, stored) === true,
  );
  return new Set(old.flatMap(({ object }) => textOf(fieldOf(object, 'spec.podref')) ?? []));
}

/** Reservations against overlapping ranges whose pod has no allocation in any pool. */
export const orphanReservations: FactDefinition<readonly string[]> = {
  id: 'whereabouts.orphan-reservations',
  title: 'reservations of whereabouts without an allocation',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const list = read.objects(RESERVATIONS);
    if (list === undefined || read.objects(POOLS)?.complete !== true) {
      return unknown(missingObjects(RESERVATIONS), missingObjects(POOLS));
    }
    const allocated = new Set(allocationsIn(read).map(({ pod }) => pod));
    const found = [...byName(list).values()].filter((stored) => {
      const pod = textOf(fieldOf(stored.object, 'spec.podref'));
      return pod !== undefined && !allocated.has(pod) && isSettled(read, stored) !== false;
    });
    if (found.length === 0 && !list.complete) return unknown(missingObjects(RESERVATIONS));
    const names = found.map(({ object }) => object.metadata.name);
    const origins = found.slice(0, 3).map((stored) => inObject(stored, '/spec/podref'));
    return found.some((stored) => isSettled(read, stored) === undefined)
      ? knownUncertain(names, UNSETTLED, ...origins)
      : known(names, ...origins);
  },
};

const STATUS = 'k8s.v1.cni.cncf.io/network-status';

/** Addresses that two running pods report at once and that lie in a range of whereabouts' own attachments. */
export const duplicateStatusAddresses: FactDefinition<readonly string[]> = {
  id: 'whereabouts.duplicate-ips',
  title: 'addresses that two running pods of whereabouts report',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(' | '),
  compute(read): Fact<readonly string[]> {
    const pods = read.objects('pods');
    if (pods === undefined || read.objects(POOLS) === undefined) {
      return unknown(missingObjects('pods'), missingObjects(POOLS));
    }
    const served = new Set(allocationsIn(read).map(({ pod }) => pod));
    const holders = new Map<string, Map<string, StoredObject>>();
    for (const [name, pod] of byName(pods)) {
      for (const ip of secondaryAddresses(pod)) {
        holders.set(ip, (holders.get(ip) ?? new Map<string, StoredObject>()).set(name, pod));
      }
    }
    const found = [...holders].filter(
      ([, pods]) => pods.size > 1 && [...pods.keys()].some((name) => served.has(name)),
    );
    if (found.length === 0 && !pods.complete) return unknown(missingObjects('pods'));
    return known(
      found.map(([ip, pods]) => `${ip}: ${[...pods.keys()].sort().join(' and ')}`),
      ...found
        .slice(0, 3)
        .flatMap(([, pods]) => [...pods.values()].map((pod) => inObject(pod, '/metadata/annotations'))),
    );
  },
};

/** Addresses of a running pod besides that of its default network. */
function secondaryAddresses(pod: StoredObject): readonly string[] {
  const text = textOf(annotationsOf(pod)[STATUS]);
  if (text === undefined || fieldOf(pod.object, 'status.phase') !== 'Running') return [];
  try {
    const networks = JSON.parse(text) as unknown;
    return (Array.isArray(networks) ? networks : [])
      .map(fieldsOf)
      .filter((network) => network.default !== true)
      .flatMap(({ ips }) => (Array.isArray(ips) ? ips.filter((ip) => typeof ip === 'string') : []));
  } catch {
    return [];
  }
}
