import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects } from '../../../reader.ts';
import { byName, controllerOf, ENDPOINTS } from '../objects.ts';
import { isOfStatefulSet } from './records.ts';

/** Whether any StatefulSet pod can have an address of Spiderpool: one has, or the cluster has StatefulSet pods at all. */
export const statefulSetUse: FactDefinition<boolean> = {
  id: 'spiderpool.statefulset-use',
  title: 'StatefulSet pods may hold addresses of Spiderpool',
  level: 'cluster',
  compute(read): Fact<boolean> {
    const endpoints = read.objects(ENDPOINTS);
    const one = [...byName(endpoints).values()].find(isOfStatefulSet);
    if (one !== undefined) return known(true, inObject(one, '/status/ownerControllerType'));
    if (endpoints?.complete === true) return known(false, ...endpoints.files.map((file) => ({ file })));
    const sets = read.objects('statefulsets.apps');
    const pod = [...byName(read.objects('pods')).values()].find(
      (stored) => controllerOf(stored)?.kind === 'StatefulSet',
    );
    const [set] = sets?.items ?? [];
    const witness = set ?? pod;
    if (witness !== undefined) return known(true, inObject(witness));
    const list = [sets, read.objects('pods')].find((one) => one?.complete === true);
    if (list === undefined) return unknown(missingObjects(ENDPOINTS));
    return known(false, ...list.files.map((file) => ({ file })));
  },
};
