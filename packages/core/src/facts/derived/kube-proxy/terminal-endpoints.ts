import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';
import { objectName } from '../../snapshot/object-store.ts';
import { sliceOf } from './service-index.ts';

/** Ready endpoints whose Pod has failed or succeeded, so that its address may belong to another Pod by now. */
export const terminalEndpoints: FactDefinition<readonly string[]> = {
  id: 'kubernetes.terminal-pods-in-endpoints',
  title: 'endpoints of Pods that have ended',
  level: 'cluster',
  format: (endpoints) => endpoints.join('; ') || 'none',
  compute(read) {
    const slices = read.objects('endpointslices.discovery.k8s.io');
    const pods = read.objects('pods');
    if (slices === undefined || pods === undefined)
      return unknown(missingObjects('endpointslices.discovery.k8s.io'), missingObjects('pods'));
    const ended = new Map(
      pods.items
        .filter(({ object }) =>
          /^(Failed|Succeeded)$/.test((object.status as { phase?: string } | undefined)?.phase ?? ''),
        )
        .map((pod) => [objectName(pod.object), pod]),
    );
    const found = slices.items.flatMap((slice) =>
      (sliceOf(slice).endpoints ?? []).flatMap(({ conditions, targetRef }, index) => {
        const pod = ended.get(
          `${targetRef?.namespace ?? slice.object.metadata.namespace ?? ''}/${targetRef?.name ?? ''}`,
        );
        if (pod === undefined || conditions?.ready === false) return [];
        return [
          {
            text: `${objectName(slice.object)} lists ${objectName(pod.object)}`,
            origins: [inObject(slice, `/endpoints/${index}`), inObject(pod, '/status/phase')],
          },
        ];
      }),
    );
    if (found.length > 0)
      return known(
        found.map(({ text }) => text),
        ...found.flatMap(({ origins }) => origins).slice(0, 6),
      );
    if (!slices.complete || !pods.complete)
      return unknown(missingObjects('endpointslices.discovery.k8s.io'), missingObjects('pods'));
    return known([], ...slices.files.map((file) => ({ file })));
  },
};
