import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import {
  byName,
  createdAt,
  fieldOf,
  fieldsOf,
  labelsOf,
  POOLS,
  prefixOf,
  SUBNETS,
  textOf,
} from '../objects.ts';

/** The SpiderSubnet that a pool belongs to: by its label, its owner, or, before it is adopted, the same prefix. */
function subnetOf(read: Reader, pool: StoredObject): StoredObject | undefined {
  const subnets = byName(read.objects(SUBNETS));
  const owners = pool.object.metadata.ownerReferences;
  const owner = Array.isArray(owners)
    ? owners.map(fieldsOf).find(({ kind }) => kind === 'SpiderSubnet')
    : undefined;
  const name = textOf(labelsOf(pool)['ipam.spidernet.io/owner-spider-subnet']) ?? textOf(owner?.name);
  if (name !== undefined) return subnets.get(name);
  const prefix = textOf(fieldOf(pool.object, 'spec.subnet'));
  if (prefix === undefined) return undefined;
  return [...subnets.values()].find(
    ({ object }) => prefixOf(textOf(fieldOf(object, 'spec.subnet')) ?? '') === prefixOf(prefix),
  );
}

/**
 * What a pool lacks of its SpiderSubnet although it was made before it: gateway and routes. A pool that says itself
 * that it has no routes, with an empty list, wants none.
 */
export const notInherited: FactDefinition<readonly string[]> = {
  id: 'spiderpool.pool-not-inherited',
  title: 'what the pool did not take over from its SpiderSubnet',
  level: 'object',
  format: (list) => list.join(' | '),
  compute(read): Fact<readonly string[]> {
    const pool = read.object();
    if (pool === undefined) return unknown(missingObjects(POOLS));
    const subnet = subnetOf(read, pool);
    if (subnet === undefined) {
      const list = read.objects(SUBNETS);
      return list?.complete === true
        ? known([], ...list.files.map((file) => ({ file })))
        : unknown(missingObjects(SUBNETS));
    }
    const made = createdAt(pool);
    const subnetMade = createdAt(subnet);
    const lacking = [...gateway(pool, subnet), ...routes(pool, subnet)];
    if (lacking.length === 0) return known([], inObject(pool, '/spec'), inObject(subnet, '/spec'));
    if (made === undefined || subnetMade === undefined) return unknown(missingObjects(SUBNETS));
    if (made >= subnetMade) return known([], inObject(pool, '/metadata/creationTimestamp'));
    return known(
      lacking.map(({ text }) => text),
      ...lacking.map(({ origin }) => origin),
      inObject(pool, '/metadata/creationTimestamp'),
      inObject(subnet, '/metadata/creationTimestamp'),
    );
  },
};

function gateway(pool: StoredObject, subnet: StoredObject): { text: string; origin: Origin }[] {
  const wanted = textOf(fieldOf(subnet.object, 'spec.gateway'));
  if (wanted === undefined || textOf(fieldOf(pool.object, 'spec.gateway')) !== undefined) return [];
  const text = `no gateway; SpiderSubnet ${subnet.object.metadata.name} has ${wanted}`;
  return [{ text, origin: inObject(subnet, '/spec/gateway') }];
}

function routes(pool: StoredObject, subnet: StoredObject): { text: string; origin: Origin }[] {
  const wanted = fieldOf(subnet.object, 'spec.routes');
  if (!Array.isArray(wanted) || wanted.length === 0) return [];
  const has = fieldOf(pool.object, 'spec.routes');
  if (has !== undefined && has !== null) return [];
  const text = `no routes; SpiderSubnet ${subnet.object.metadata.name} has ${wanted.length}`;
  return [{ text, origin: inObject(subnet, '/spec/routes') }];
}
