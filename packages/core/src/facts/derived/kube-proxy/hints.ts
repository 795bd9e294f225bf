import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';
import { serviceKey, sliceOf, slicesByService } from './service-index.ts';

/** Whether the ready endpoints of the Service have topology hints: `all`, `some` or `none`; null without endpoints. */
export const topologyHints: FactDefinition<'all' | 'some' | 'none' | null> = {
  id: 'service.topology-hints',
  title: 'endpoints of the Service with topology hints',
  level: 'object',
  compute(read) {
    const service = read.object();
    const slices = read.objects('endpointslices.discovery.k8s.io');
    if (service === undefined || slices?.complete !== true)
      return unknown(missingObjects('endpointslices.discovery.k8s.io'));
    const own = slicesByService(slices).get(serviceKey(service)) ?? [];
    const hinted = own
      .flatMap((stored) => sliceOf(stored).endpoints ?? [])
      .filter(({ conditions }) => (conditions?.ready ?? true) && conditions?.terminating !== true)
      .map(({ hints }) => hints !== undefined && hints !== null);
    const origins = own.slice(0, 3).map((stored) => inObject(stored, '/endpoints'));
    if (hinted.length === 0) return known(null, ...origins);
    if (hinted.every((one) => one)) return known('all', ...origins);
    return known(hinted.some((one) => one) ? 'some' : 'none', ...origins);
  },
};
