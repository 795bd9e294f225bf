import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { podLogsCommand } from '../../pod-logs-command.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import { linesOf } from './logs.ts';
import { byName, createdAt, fieldsOf, MULTUS_CONFIGS } from './objects.ts';
import { containersOfProgram, environmentOf, podsOfProgram, spiderpoolNamespace } from './workloads.ts';

/** Clocks of API server and node may differ by this much. */
const TOLERANCE = 2_000;

/** Name that spiderpool-init was told for the default CNI; empty where it has to find one itself. */
export const initDefaultCni: FactDefinition<string> = {
  id: 'spiderpool.init-default-cni',
  title: 'default CNI given to spiderpool-init (multus.multusCNI.defaultCniCRName)',
  level: 'cluster',
  fromText: (text) => text,
  compute(read) {
    for (const container of containersOfProgram(read, 'init')) {
      const told = environmentOf(container, 'SPIDERPOOL_INIT_DEFAULT_CNI_NAME');
      if (told !== undefined) return known(told.value, told.origin);
    }
    return unknown({
      fact: 'environment variable SPIDERPOOL_INIT_DEFAULT_CNI_NAME',
      command: 'kubectl get jobs,pods -A -o json',
    });
  },
};

interface Run {
  readonly from: number;
  readonly to: number;
  readonly origin: Origin;
}

/**
 * SpiderMultusConfigs in the namespace of the release that were made in the very seconds in which spiderpool-init ran.
 */
export const configsMadeByInit: FactDefinition<readonly string[]> = {
  id: 'spiderpool.configs-made-by-init',
  title: 'SpiderMultusConfigs made by spiderpool-init',
  level: 'cluster',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const list = read.objects(MULTUS_CONFIGS);
    const namespace = spiderpoolNamespace(read)?.value;
    const runs = podsOfProgram(read, 'init').flatMap((pod) => runsOf(pod));
    if (list === undefined || namespace === undefined) return unknown(missingObjects(MULTUS_CONFIGS));
    const made = [...byName(list).values()].flatMap((stored) => {
      const time = createdAt(stored);
      const run = runs.find(
        ({ from, to }) => time !== undefined && time >= from - TOLERANCE && time <= to + TOLERANCE,
      );
      return run !== undefined && stored.object.metadata.namespace === namespace ? [{ stored, run }] : [];
    });
    if (made.length === 0) {
      return list.complete && (list.items.length === 0 || runs.length > 0)
        ? known([], ...list.files.map((file) => ({ file })))
        : unknown(missingObjects('pods'));
    }
    return known(
      made.map(({ stored }) => `${namespace}/${stored.object.metadata.name}`),
      ...made.flatMap(({ stored, run }) => [inObject(stored, '/metadata/creationTimestamp'), run.origin]),
    );
  },
};

/** When the containers of a pod ran, from its status. */
function runsOf(pod: Parameters<typeof inObject>[0]): Run[] {
  return ['state', 'lastState'].flatMap((state) =>
    valuesAt(pod.object, `status.containerStatuses[].${state}.terminated`).flatMap(({ value, pointer }) => {
      const from = Date.parse(String(fieldsOf(value).startedAt ?? ''));
      const to = Date.parse(String(fieldsOf(value).finishedAt ?? ''));
      return Number.isNaN(from) || Number.isNaN(to) ? [] : [{ from, to, origin: inObject(pod, pointer) }];
    }),
  );
}

const CONFIG_MAP_FATAL = /get configmap: .*not found/i;

/** Last words of spiderpool-init about a Multus ConfigMap that is not there. */
export const initFailures: FactDefinition<readonly string[]> = {
  id: 'spiderpool.init-failures',
  title: 'spiderpool-init fails on the ConfigMap of Multus',
  level: 'cluster',
  format: (list) => list.slice(0, 2).join(' | '),
  compute(read): Fact<readonly string[]> {
    const lines = initLog(read);
    if (lines.length > 0) {
      return known(
        lines.map(({ text }) => text),
        ...lines.slice(0, 3).map(({ origin }) => origin),
      );
    }
    return read.logs().some(({ pod }) => pod.startsWith('spiderpool-init'))
      ? known([])
      : unknown({
          fact: 'log of spiderpool-init',
          command: podLogsCommand('spiderpool-init', '--all-containers'),
        });
  },
};

function initLog(read: Reader): { text: string; origin: Origin }[] {
  return linesOf(read, 'init', CONFIG_MAP_FATAL).map(({ text, origin }) => ({ text, origin }));
}
