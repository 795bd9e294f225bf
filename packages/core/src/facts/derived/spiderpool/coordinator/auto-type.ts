import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { clusterCidrs, type FoundCidrs } from '../cluster-cidrs.ts';
import { byName, fieldOf, fieldsOf, samePrefixes, textOf, textsOf } from '../objects.ts';

/** Pod CIDRs that Cilium hands out itself; undefined where it takes them from elsewhere or is not configured. */
function ciliumPoolCidrs(read: Reader): FoundCidrs | undefined {
  const map = byName(read.objects('configmaps')).get('kube-system/cilium-config');
  if (map === undefined) return undefined;
  const data = fieldsOf(map.object.data);
  if (!/^cluster-pool/.test(String(data.ipam ?? ''))) return undefined;
  const values = ['cluster-pool-ipv4-cidr', 'cluster-pool-ipv6-cidr'].flatMap((key) =>
    (textOf(data[key]) ?? '').split(/[\s,]+/).filter((one) => one !== ''),
  );
  return values.length === 0 ? undefined : { values, origin: inObject(map, '/data') };
}

/** True where Cilium only adds to another plugin, which then gives the addresses. */
function ciliumIsChained(read: Reader): boolean {
  const map = byName(read.objects('configmaps')).get('kube-system/cilium-config');
  const mode = textOf(fieldsOf(map?.object.data)['cni-chaining-mode']);
  return mode !== undefined && mode !== 'none';
}

/**
 * What shows that `podCIDRType: auto` was taken for `cluster`: a synced status with the CIDRs of kube-controller-manager
 * beside a Cilium that hands out others.
 */
export const autoTypeMismatch: FactDefinition<readonly string[]> = {
  id: 'spiderpool.coordinator-auto-mismatch',
  title: 'pod CIDRs of SpiderCoordinator that are not those of the default CNI',
  level: 'object',
  format: (list) => list.join(' | '),
  compute(read): Fact<readonly string[]> {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects('spidercoordinators.spiderpool.spidernet.io'));
    const type = fieldOf(stored.object, 'spec.podCIDRType');
    const phase = fieldOf(stored.object, 'status.phase');
    if (type !== 'auto' || phase !== 'Synced') return known([], inObject(stored, '/spec'));
    const cilium = ciliumPoolCidrs(read);
    const cluster = clusterCidrs(read, 'pod');
    if (cilium === undefined || ciliumIsChained(read)) {
      return read.objects('configmaps')?.complete === true
        ? known([], inObject(stored, '/spec'))
        : unknown(missingObjects('configmaps'));
    }
    return mismatch(stored, cilium, cluster);
  },
};

function mismatch(
  stored: StoredObject,
  cilium: FoundCidrs,
  cluster: readonly FoundCidrs[],
): Fact<readonly string[]> {
  const has = textsOf(fieldOf(stored.object, 'status.overlayPodCIDR'));
  if (samePrefixes(has, cilium.values)) return known([], inObject(stored, '/status/overlayPodCIDR'));
  const source = cluster.find(({ values }) => samePrefixes(values, has));
  if (source === undefined) return cluster.length === 0 ? unknown(missingObjects('pods')) : known([]);
  const text = `status.overlayPodCIDR is ${has.join(',')}, Cilium hands out ${cilium.values.join(',')}`;
  return known([text], inObject(stored, '/status/overlayPodCIDR'), cilium.origin, source.origin);
}
