import { type FactDefinition, known, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { inObject, missingObjects } from '../../reader.ts';
import { workloadEnvironment } from './container-environment.ts';

const CONFIGURATIONS = 'kubecontrollersconfigurations.crd.projectcalico.org';

/**
 * Whether calico-kube-controllers runs the node controller, which collects unused addresses.
 * `ENABLED_CONTROLLERS` outranks the KubeControllersConfiguration; without either it is on.
 * https://docs.tigera.io/calico/latest/reference/kube-controllers/configuration
 */
export const nodeController: FactDefinition<boolean> = {
  id: 'calico.node-controller',
  title: 'node controller of calico-kube-controllers',
  level: 'cluster',
  compute(read) {
    const environment = workloadEnvironment(read, 'calico-kube-controllers', 'deployments.apps');
    const enabled = environment?.variables.get('ENABLED_CONTROLLERS');
    if (environment !== undefined && enabled?.value !== undefined && enabled.value !== '') {
      return known(
        enabled.value.split(',').some((name) => name.trim() === 'node'),
        enabled.origin,
      );
    }
    const list = read.objects(CONFIGURATIONS);
    for (const stored of list?.items ?? []) {
      const [controllers] = valuesAt(stored.object.spec, 'controllers');
      if (stored.object.metadata.name !== 'default' || controllers === undefined) continue;
      const [node] = valuesAt(controllers.value, 'node');
      return known(node !== undefined && node.value !== null, inObject(stored, '/spec/controllers'));
    }
    if (environment !== undefined) return known(true, environment.origin);
    if (read.hypothetical) return known(true);
    return unknown(missingObjects('deployments.apps'), missingObjects(CONFIGURATIONS));
  },
};
