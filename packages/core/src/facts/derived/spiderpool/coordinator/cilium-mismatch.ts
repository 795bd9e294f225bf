import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { componentPresent } from '../../components/presence.ts';
import { clusterCidrs, type FoundCidrs } from '../cluster-cidrs.ts';
import {
  byName,
  COORDINATORS,
  fieldOf,
  fieldsOf,
  prefixOf,
  samePrefixes,
  textOf,
  textsOf,
} from '../objects.ts';

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

function mismatchFact(id: string, title: string, podCidrType: string): FactDefinition<readonly string[]> {
  return {
    id,
    title,
    level: 'object',
    format: (list) => list.join(' | '),
    compute(read): Fact<readonly string[]> {
      const stored = read.object();
      if (stored === undefined) return unknown(missingObjects(COORDINATORS));
      const type = fieldOf(stored.object, 'spec.podCIDRType');
      const phase = fieldOf(stored.object, 'status.phase');
      if (type !== podCidrType || phase !== 'Synced') return known([], inObject(stored, '/spec'));
      const present = read.fact(componentPresent, 'cilium');
      if (present.state === 'unknown') return unknown(...present.missing);
      if (!present.value) return known([], ...present.origins);
      const cilium = ciliumPoolCidrs(read);
      if (cilium !== undefined && !ciliumIsChained(read)) return mismatch(read, stored, cilium);
      return read.objects('configmaps')?.complete === true
        ? known([], inObject(stored, '/spec'))
        : unknown(missingObjects('configmaps'));
    },
  };
}

/**
 * What shows that `podCIDRType: auto` was taken for `cluster`: a synced status with the CIDRs of kube-controller-manager
 * beside a Cilium that hands out others.
 */
export const autoTypeMismatch = mismatchFact(
  'spiderpool.coordinator-auto-mismatch',
  'pod CIDRs of SpiderCoordinator that are not those of the default CNI',
  'auto',
);

/** The same where somebody asked for it, with `podCIDRType: cluster`. */
export const clusterTypeMismatch = mismatchFact(
  'spiderpool.coordinator-cluster-mismatch',
  'pod CIDRs of the cluster in SpiderCoordinator beside others of Cilium',
  'cluster',
);

function mismatch(read: Reader, stored: StoredObject, cilium: FoundCidrs): Fact<readonly string[]> {
  const has = textsOf(fieldOf(stored.object, 'status.overlayPodCIDR'));
  if (samePrefixes(has, cilium.values)) return known([], inObject(stored, '/status/overlayPodCIDR'));
  const cluster = clusterCidrs(read, 'pod');
  const source = cluster.find(({ values }) => samePrefixes(values, has));
  if (source === undefined) return cluster.length === 0 ? unknown(missingObjects('pods')) : known([]);
  const text = `status.overlayPodCIDR is ${has.join(',')}, Cilium hands out ${cilium.values.join(',')}`;
  return known([text], inObject(stored, '/status/overlayPodCIDR'), cilium.origin, source.origin);
}

/** Whether `spec.hijackCIDR` names every pod CIDR of Cilium, which makes up for a status without them. */
export const hijacksCilium: FactDefinition<boolean> = {
  id: 'spiderpool.coordinator-hijacks-cilium',
  title: 'spec.hijackCIDR names the pod CIDRs of Cilium',
  level: 'object',
  compute(read): Fact<boolean> {
    const stored = read.object();
    const cilium = ciliumPoolCidrs(read);
    if (stored === undefined || cilium === undefined) return unknown(missingObjects('configmaps'));
    const named = new Set(textsOf(fieldOf(stored.object, 'spec.hijackCIDR')).map(prefixOf));
    return known(
      cilium.values.every((one) => named.has(prefixOf(one))),
      inObject(stored, '/spec/hijackCIDR'),
    );
  },
};
