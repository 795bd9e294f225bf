import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { sliceOf, slicesByService } from './service-index.ts';

interface Holder {
  readonly usable: boolean;
  readonly target: string;
  readonly origin: Origin;
}

/** Addresses that a Service lists twice, for a ready Pod and for another one that is on its way out. */
export const duplicateAddresses: FactDefinition<readonly string[]> = {
  id: 'kubernetes.duplicate-endpoint-addresses',
  title: 'addresses of two Pods of one Service',
  level: 'cluster',
  format: (addresses) => addresses.join('; ') || 'none',
  compute(read) {
    const slices = read.objects('endpointslices.discovery.k8s.io');
    if (slices === undefined) return unknown(missingObjects('endpointslices.discovery.k8s.io'));
    const found: { text: string; origins: readonly Origin[] }[] = [];
    for (const [service, own] of slicesByService(slices)) {
      for (const [address, holders] of holdersOf(own)) {
        const dying = holders.find(({ usable }) => !usable);
        const ready = holders.find(({ usable, target }) => usable && target !== dying?.target);
        if (dying !== undefined && ready !== undefined)
          found.push({ text: `${address} of ${service}`, origins: [ready.origin, dying.origin] });
      }
    }
    if (found.length === 0 && !slices.complete)
      return unknown(missingObjects('endpointslices.discovery.k8s.io'));
    const origins = found.flatMap((one) => one.origins).slice(0, 6);
    return known(
      found.map(({ text }) => text),
      ...(origins.length > 0 ? origins : slices.files.map((file) => ({ file }))),
    );
  },
};

function holdersOf(slices: readonly StoredObject[]): ReadonlyMap<string, readonly Holder[]> {
  const holders = new Map<string, Holder[]>();
  for (const stored of slices) {
    for (const [index, { addresses, conditions, targetRef }] of (sliceOf(stored).endpoints ?? []).entries()) {
      const [address] = addresses ?? [];
      if (address === undefined || targetRef?.name === undefined) continue;
      const usable = (conditions?.ready ?? true) && conditions?.terminating !== true;
      const holder = { usable, target: targetRef.name, origin: inObject(stored, `/endpoints/${index}`) };
      holders.set(address, [...(holders.get(address) ?? []), holder]);
    }
  }
  return holders;
}
