import { type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects } from '../../../reader.ts';
import { workloadEnvironment } from '../container-environment.ts';

const RESOURCE = 'bgpconfigurations.crd.projectcalico.org';

/** Whether every node tells every other one its blocks over BGP. It does unless somebody switched it off. */
export const bgpMesh: FactDefinition<boolean> = {
  id: 'calico.bgp-mesh',
  title: 'BGP mesh of all nodes',
  level: 'cluster',
  compute(read) {
    const environment = workloadEnvironment(read, 'calico-node', 'daemonsets.apps');
    if (environment === undefined) return unknown(missingObjects('daemonsets.apps'));
    const backend = environment.variables.get('CALICO_NETWORKING_BACKEND');
    if (backend !== undefined && backend.value === undefined) return unknown(missingObjects('configmaps'));
    if (backend?.value !== undefined && !['', 'bird'].includes(backend.value)) {
      return known(false, backend.origin);
    }
    const list = read.objects(RESOURCE);
    const general = list?.items.find(({ object }) => object.metadata.name === 'default');
    if (list === undefined || (general === undefined && !list.complete)) {
      return unknown(missingObjects(RESOURCE));
    }
    if (general === undefined)
      return known(true, environment.origin, ...list.files.map((file) => ({ file })));
    const { nodeToNodeMeshEnabled } = (general.object.spec ?? {}) as { nodeToNodeMeshEnabled?: unknown };
    return known(nodeToNodeMeshEnabled !== false, inObject(general, '/spec'));
  },
};
