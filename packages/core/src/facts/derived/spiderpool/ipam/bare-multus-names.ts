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
import { ATTACHMENTS, byName, eventsComplete, eventsWhere, fieldOf, POOLS, textsOf } from '../objects.ts';
import { spiderpoolNamespace } from '../workloads.ts';

/** Entries of `spec.multusName` without a namespace. */
function bareNames({ object }: StoredObject): readonly string[] {
  return textsOf(fieldOf(object, 'spec.multusName')).filter((name) => !name.includes('/'));
}

/**
 * Bare names in `spec.multusName` that mean an attachment in Spiderpool's own namespace. Names of which attachments
 * exist in other namespaces only are left out: there the old meaning, "the namespace of the pod", is the wanted one.
 */
export const bareMultusNames: FactDefinition<readonly string[]> = {
  id: 'spiderpool.bare-multus-names',
  title: 'names without a namespace in spec.multusName',
  level: 'object',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const pool = read.object();
    if (pool === undefined) return unknown(missingObjects(POOLS));
    const bare = bareNames(pool);
    const origin = inObject(pool, '/spec/multusName');
    if (bare.length === 0) return known([], inObject(pool, '/spec'));
    const list = read.objects(ATTACHMENTS);
    const home = spiderpoolNamespace(read)?.value;
    if (list?.complete !== true || home === undefined) {
      return knownUncertain(bare, 'which attachment the name means was not collected', origin);
    }
    const attachments = [...byName(list).values()].map(({ object }) => object.metadata);
    const meant = bare.filter((name) => {
      const same = attachments.filter((attachment) => attachment.name === name);
      return same.length === 0 || same.some(({ namespace }) => namespace === home);
    });
    return known(meant, origin, ...list.files.map((file) => ({ file })));
  },
};

/**
 * Refusals of this pool that name the very attachment its bare entry means, `<namespace of Spiderpool>/<entry>`: with the
 * fix these two are equal, so only the defect can tell them apart.
 */
export const multusNameRefusals: FactDefinition<readonly string[]> = {
  id: 'spiderpool.multus-name-refusals',
  title: 'pods refused because of a name without a namespace',
  level: 'object',
  format: (list) => list.slice(0, 2).join(' | '),
  compute(read): Fact<readonly string[]> {
    const pool = read.object();
    if (pool === undefined) return unknown(missingObjects(POOLS));
    const bare = bareNames(pool);
    const home = spiderpoolNamespace(read)?.value;
    if (bare.length === 0) return known([], inObject(pool, '/spec'));
    if (home === undefined) return unknown(missingObjects('daemonsets.apps'));
    const wanted = bare.map((name) => `${home}/${name}`);
    const found = refusals(read, pool.object.metadata.name, wanted);
    if (found.length === 0 && !eventsComplete(read)) return unknown(missingObjects('events'));
    return known(
      found.map(({ text }) => text),
      inObject(pool, '/spec/multusName'),
      ...found.slice(0, 3).map(({ origin }) => origin),
    );
  },
};

const OLD = /IPPool (\S+) specified multusName \[[^\]]*\] unmacthed multusCR ([^\s,;:"'\]]+)/gu;
const NEW =
  /in the IPPool (\S+) used by the Pod interface \S+ is not matched with the multusCR ([^\s,;:"'\]]+)/gu;

function refusals(read: Reader, pool: string, wanted: readonly string[]): { text: string; origin: Origin }[] {
  const names = (message: string) =>
    [OLD, NEW].some((pattern) =>
      [...message.matchAll(pattern)].some(([, name, cr = '']) => name === pool && wanted.includes(cr)),
    );
  return eventsWhere(read, ({ message }) => names(message)).map(({ message, stored }) => ({
    text: message,
    origin: inObject(stored),
  }));
}
