import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { fieldOf, fieldsOf, isSettled } from './objects.ts';
import { podsOfProgram, programIn } from './workloads.ts';

interface Sign {
  readonly text: string;
  readonly origin: Origin;
}

/** Agent pods of the node that end again and again right after their start. */
export const agentCrashes: FactDefinition<readonly string[]> = {
  id: 'spiderpool.agent-crash-loop',
  title: 'spiderpool-agent ends again and again',
  level: 'node',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const pods = read.nodeName() === undefined ? read.objects('pods') : read.podsOnNode();
    if (pods === undefined) return unknown(missingObjects('pods'));
    const agents = pods.items.filter((pod) => programIn(pod, 'spec', 'agent').length > 0);
    return listed(agents.flatMap(crashLoop), pods.complete);
  },
};

/** Controller pods that are not ready although they were made a while ago. */
export const controllersNotReady: FactDefinition<readonly string[]> = {
  id: 'spiderpool.controllers-not-ready',
  title: 'spiderpool-controller pods that run and are not ready',
  level: 'cluster',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    return ofControllers(read, (pod) => {
      const conditions = valuesAt(pod.object, 'status.conditions[]');
      const ready = conditions.find(({ value }) => fieldsOf(value).type === 'Ready');
      const waits =
        fieldOf(pod.object, 'status.phase') === 'Running' && fieldsOf(ready?.value).status === 'False';
      if (ready === undefined || !waits || isSettled(read, pod) === false) return [];
      return [{ text: pod.object.metadata.name, origin: inObject(pod, ready.pointer) }];
    });
  },
};

/** Exit code of a Go program that panics. */
const PANIC_EXIT = 2;

/** Controller pods that restart because of a panic. */
export const controllerPanics: FactDefinition<readonly string[]> = {
  id: 'spiderpool.controller-panic-exits',
  title: 'spiderpool-controller pods that ended with the exit code of a panic',
  level: 'cluster',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    return ofControllers(read, (pod) =>
      ['lastState', 'state'].flatMap((state) =>
        valuesAt(pod.object, `status.containerStatuses[].${state}.terminated`).flatMap(
          ({ value, pointer }) =>
            fieldsOf(value).exitCode === PANIC_EXIT
              ? [{ text: pod.object.metadata.name, origin: inObject(pod, pointer) }]
              : [],
        ),
      ),
    );
  },
};

function ofControllers(
  read: Reader,
  signsOf: (pod: StoredObject) => readonly Sign[],
): Fact<readonly string[]> {
  const list = read.objects('pods');
  if (list === undefined) return unknown(missingObjects('pods'));
  return listed(podsOfProgram(read, 'controller').flatMap(signsOf), list.complete);
}

function crashLoop(pod: StoredObject): readonly Sign[] {
  return valuesAt(pod.object, 'status.containerStatuses[].state.waiting').flatMap(({ value, pointer }) =>
    fieldsOf(value).reason === 'CrashLoopBackOff'
      ? [{ text: pod.object.metadata.name, origin: inObject(pod, pointer) }]
      : [],
  );
}

function listed(signs: readonly Sign[], isComplete: boolean): Fact<readonly string[]> {
  if (signs.length === 0 && !isComplete) return unknown(missingObjects('pods'));
  return known([...new Set(signs.map(({ text }) => text))], ...signs.slice(0, 3).map(({ origin }) => origin));
}
