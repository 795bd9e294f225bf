import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects } from '../../../reader.ts';
import { byName, fieldOf, fieldsOf, textOf } from '../objects.ts';

const POOLS = 'ciliumpodippools.cilium.io';

/** IPAM mode of Cilium as `cilium-config` names it. */
export const ciliumIpam: FactDefinition<string> = {
  id: 'spiderpool.cilium-ipam',
  title: 'IPAM mode of Cilium',
  level: 'cluster',
  fromText: (text) => (text === '' ? undefined : text),
  compute(read): Fact<string> {
    const list = read.objects('configmaps');
    const map = byName(list).get('kube-system/cilium-config');
    const mode = textOf(fieldsOf(map?.object.data).ipam);
    if (map !== undefined && mode !== undefined) return known(mode, inObject(map, '/data/ipam'));
    if (map === undefined && list?.complete === true) {
      return known('no Cilium', ...list.files.map((file) => ({ file })));
    }
    return unknown(missingObjects('configmaps'));
  },
};

/** Pools of Cilium that serve one address family only. */
export const singleFamilyPools: FactDefinition<readonly string[]> = {
  id: 'spiderpool.cilium-single-family-pools',
  title: 'CiliumPodIPPools with one address family',
  level: 'cluster',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const list = read.objects(POOLS);
    const found = [...byName(list)].filter(
      ([, { object }]) =>
        (fieldOf(object, 'spec.ipv4') === undefined) !== (fieldOf(object, 'spec.ipv6') === undefined),
    );
    if (found.length === 0 && list?.complete !== true) return unknown(missingObjects(POOLS));
    return known(
      found.map(([name]) => name),
      ...found.slice(0, 3).map(([, stored]) => inObject(stored, '/spec')),
    );
  },
};
