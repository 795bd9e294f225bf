import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';

interface Slice {
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly addressType?: string;
}

/** Number of ready endpoints of the Service, in the larger of its address families. */
export const readyEndpoints: FactDefinition<number> = {
  id: 'antrea.ready-endpoints',
  title: 'ready endpoints of the Service',
  level: 'object',
  compute(read) {
    const service = read.object();
    const slices = read.objects('endpointslices.discovery.k8s.io');
    if (service === undefined || slices === undefined)
      return unknown(missingObjects('endpointslices.discovery.k8s.io'));
    const { name, namespace } = service.object.metadata;
    const own = slices.items.filter(({ object: { metadata } }) => {
      const labels = metadata.labels as Readonly<Record<string, string>> | undefined;
      return metadata.namespace === namespace && labels?.['kubernetes.io/service-name'] === name;
    });
    const counts = new Map<string, Set<string>>();
    for (const { object } of own) {
      const { endpoints, addressType = 'IPv4' } = object as Slice;
      const seen = counts.get(addressType) ?? new Set<string>();
      for (const { addresses, conditions } of endpoints ?? []) {
        const [address] = addresses ?? [];
        if (address !== undefined && conditions?.ready !== false) seen.add(address);
      }
      counts.set(addressType, seen);
    }
    const most = Math.max(0, ...[...counts.values()].map(({ size }) => size));
    if (!slices.complete && most <= LIMIT) return unknown(missingObjects('endpointslices.discovery.k8s.io'));
    return known(most, ...own.slice(0, 3).map((slice) => inObject(slice)));
  },
};

/** More endpoints than this AntreaProxy leaves out. */
const LIMIT = 800;
