import {
  type Fact,
  type FactDefinition,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import { objectName, type StoredObject } from '../../../snapshot/object-store.ts';
import { byName, ENDPOINTS, eventsAbout, fieldOf, textOf } from '../objects.ts';

/** Owners whose SpiderEndpoint outlives the pod on purpose. */
const LASTING = new Set(['StatefulSet', 'VirtualMachineInstance', 'VirtualMachine']);
const NO_POD = 'there is no such pod';
const PATCH_FAILED = /failed to patch IP allocation results to Endpoint/;

/** Whether the SpiderEndpoint belongs to a pod that is gone, or to an earlier pod of the same name. */
export const staleEndpoint: FactDefinition<string> = {
  id: 'spiderpool.stale-endpoint',
  title: 'why the SpiderEndpoint is left over',
  level: 'object',
  compute(read): Fact<string> {
    const stored = read.object();
    const pods = read.objects('pods');
    if (stored === undefined) return unknown(missingObjects(ENDPOINTS));
    if (LASTING.has(String(fieldOf(stored.object, 'status.ownerControllerType')))) {
      return known('', inObject(stored, '/status/ownerControllerType'));
    }
    const pod = byName(pods).get(objectName(stored.object));
    if (pod === undefined) {
      if (pods?.complete !== true) return unknown(missingObjects('pods'));
      return knownUncertain(NO_POD, 'the pod may have gone while the evidence was taken', inObject(stored));
    }
    const uid = textOf(fieldOf(stored.object, 'status.current.uid'));
    if (uid === undefined || uid === pod.object.metadata.uid)
      return known('', inObject(pod, '/metadata/uid'));
    return known(
      `it is of pod UID ${uid}, the pod has another`,
      inObject(stored, '/status/current/uid'),
      inObject(pod, '/metadata/uid'),
    );
  },
};

/** Refusals of the pod whose name the SpiderEndpoint has, because the left-over object stands in the way. */
export const endpointRefusals: FactDefinition<readonly string[]> = {
  id: 'spiderpool.endpoint-refusals',
  title: 'refusals of the pod by its left-over SpiderEndpoint',
  level: 'object',
  format: (list) => list.slice(0, 2).join(' | '),
  compute(read): Fact<readonly string[]> {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects(ENDPOINTS));
    const found = refusals(read, stored);
    if (found.length === 0 && read.objects('events')?.complete !== true)
      return unknown(missingObjects('events'));
    return known(
      found.map(({ text }) => text),
      ...found.slice(0, 3).map(({ origin }) => origin),
    );
  },
};

function refusals(read: Reader, endpoint: StoredObject): { text: string; origin: Origin }[] {
  return eventsAbout(read, endpoint, PATCH_FAILED).map(({ message, stored }) => ({
    text: message,
    origin: inObject(stored),
  }));
}
