import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { podLogsCommand } from '../../pod-logs-command.ts';
import { inObject, type Reader } from '../../reader.ts';
import { hasLogs, linesOf } from './logs.ts';
import { byName, fieldsOf, textOf } from './objects.ts';
import { type Program, podsOfProgram } from './workloads.ts';

/** Go functions whose stack frame tells one crash from another, with the program they belong to. */
const FRAMES: Readonly<Record<string, { readonly program: Program; readonly frame: RegExp }>> = {
  'coordinator-config': { program: 'agent', frame: /unixGetCoordinatorConfig|cmd\/coordinator\.go/ },
  'attachment-generator': {
    program: 'controller',
    frame: /multuscniconfig\.(\(\*?\w+\)\.)?generateNetAttachDef/,
  },
  'cilium-pools': {
    program: 'controller',
    frame: /coordinatormanager\.\(\*CoordinatorController\)\.fetchCiliumIPPools/,
  },
  'rp-filter-webhook': { program: 'controller', frame: /validateCoordinatorHostRPFilter/ },
};

const NIL = /invalid memory address or nil pointer dereference/;

/** Nil pointer panics of a program in one function, from its logs and the last words of its containers. */
export const panics: FactDefinition<readonly string[]> = {
  id: 'spiderpool.panics',
  title: 'nil pointer panics of Spiderpool',
  parameter: Object.keys(FRAMES).join(', '),
  level: 'cluster',
  format: (list) => list.slice(0, 2).join(' | '),
  compute(read, parameter): Fact<readonly string[]> {
    const wanted = FRAMES[parameter];
    if (wanted === undefined) return unknown({ fact: `panics in ${parameter}`, command: 'kubectl logs' });
    const { program, frame } = wanted;
    const found = [...inLogs(read, program, frame), ...inPods(read, program, frame)];
    if (found.length > 0 || hasLogs(read, program)) {
      return known(
        found.map(({ text }) => text),
        ...found.slice(0, 3).map(({ origin }) => origin),
      );
    }
    return unknown({
      fact: `logs of spiderpool-${program}`,
      command: podLogsCommand(`spiderpool-${program}`, '--previous --tail=2000'),
    });
  },
};

function inLogs(read: Reader, program: Program, frame: RegExp): { text: string; origin: Origin }[] {
  return linesOf(read, program, NIL)
    .filter(({ text, following }) => frame.test(text) || following.some((line) => frame.test(line)))
    .map(({ text, origin }) => ({ text, origin }));
}

/** Containers that end with a message keep it in their status. */
function inPods(read: Reader, program: Program, frame: RegExp): { text: string; origin: Origin }[] {
  const pods = new Set(podsOfProgram(read, program));
  return [...byName(read.objects('pods')).values()]
    .filter((pod) => pods.has(pod))
    .flatMap((pod) =>
      lastWords(pod.object).flatMap(({ text, pointer }) =>
        NIL.test(text) && frame.test(text)
          ? [{ text: text.slice(0, 200), origin: inObject(pod, pointer) }]
          : [],
      ),
    );
}

/** Messages that containers of a pod ended with, now or before their last restart. */
export function lastWords(pod: unknown): { text: string; pointer: string }[] {
  return ['state', 'lastState'].flatMap((state) =>
    valuesAt(pod, `status.containerStatuses[].${state}.terminated`).flatMap(({ value, pointer }) => {
      const text = textOf(fieldsOf(value).message);
      return text === undefined ? [] : [{ text, pointer: `${pointer}/message` }];
    }),
  );
}
