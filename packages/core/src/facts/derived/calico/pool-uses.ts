import { type Fact, type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';

const RESOURCES = ['ippools.crd.projectcalico.org', 'ippools.projectcalico.org'];

interface Spec {
  readonly cidr?: unknown;
  readonly allowedUses?: unknown;
  readonly natOutgoing?: unknown;
  readonly disabled?: unknown;
}

/** Ranges of pools that give addresses to Services of type LoadBalancer and to no pod. */
export const loadBalancerPools: FactDefinition<readonly string[]> = {
  id: 'calico.load-balancer-pools',
  title: 'IP pools for LoadBalancer addresses alone',
  level: 'cluster',
  format: (ranges) => ranges.join(', ') || 'none',
  compute: (read) =>
    select(read, ({ allowedUses, disabled }) => {
      const uses = Array.isArray(allowedUses) ? allowedUses : [];
      return disabled !== true && uses.includes('LoadBalancer') && !uses.includes('Workload');
    }),
};

/** Whether a pool of pods has `natOutgoing`. */
export const natOutgoing: FactDefinition<boolean> = {
  id: 'calico.nat-outgoing',
  title: 'natOutgoing of a pool of pods',
  level: 'cluster',
  compute(read) {
    const found = select(read, (spec) => {
      const uses = Array.isArray(spec.allowedUses) ? spec.allowedUses : ['Workload'];
      return spec.natOutgoing === true && uses.includes('Workload');
    });
    return found.state === 'unknown' ? found : known(found.value.length > 0, ...found.origins);
  },
};

function select(read: Reader, fits: (spec: Spec) => boolean): Fact<readonly string[]> {
  const lists = RESOURCES.map((resource) => read.objects(resource)).filter((list) => list !== undefined);
  const found = new Map<string, StoredObject>();
  for (const stored of lists.flatMap(({ items }) => items)) {
    const spec = (stored.object.spec ?? {}) as Spec;
    if (typeof spec.cidr === 'string' && fits(spec) && !found.has(spec.cidr)) found.set(spec.cidr, stored);
  }
  if (found.size === 0 && !lists.some(({ complete }) => complete))
    return unknown(missingObjects(RESOURCES[0] ?? ''));
  const origins = [...found.values()].map((stored) => inObject(stored, '/spec'));
  const files = lists.flatMap((list) => list.files.map((file) => ({ file })));
  return known([...found.keys()].sort(), ...(origins.length > 0 ? origins : files));
}
