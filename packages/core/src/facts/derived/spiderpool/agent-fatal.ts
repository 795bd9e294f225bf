import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { podLogsCommand } from '../../pod-logs-command.ts';
import { inObject, type Reader } from '../../reader.ts';
import { objectName, type StoredObject } from '../../snapshot/object-store.ts';
import { hasLogs, linesOf } from './logs.ts';
import { lastWords } from './panics.ts';
import { programIn } from './workloads.ts';

const FATAL = /kubevirt manager must be specified/;

/** Lines with which the agent on this node refused to start because it has no KubeVirt manager. */
export const kubevirtFatal: FactDefinition<readonly string[]> = {
  id: 'spiderpool.agent-kubevirt-fatal',
  title: 'agent refuses to start without a KubeVirt manager',
  level: 'node',
  format: (list) => list.slice(0, 2).join(' | '),
  compute(read): Fact<readonly string[]> {
    const pods = read.podsOnNode()?.items.filter((pod) => programIn(pod, 'spec', 'agent').length > 0);
    const found = [...inLogs(read, pods), ...(pods ?? []).flatMap(inStatus)];
    if (found.length > 0) {
      return known(
        found.map(({ text }) => text),
        ...found.slice(0, 3).map(({ origin }) => origin),
      );
    }
    const looked = pods !== undefined && pods.length > 0 && hasLogs(read, 'agent');
    if (looked) return known([]);
    return unknown({
      fact: 'log of spiderpool-agent',
      command: podLogsCommand('spiderpool-agent', '--previous --tail=200'),
      where: 'node',
    });
  },
};

/** Where no pods are known, logs cannot be told apart by node; with a single unnamed node they need not be. */
function inLogs(read: Reader, pods: readonly StoredObject[] | undefined) {
  if (pods === undefined && read.nodeName() !== undefined) return [];
  const names = pods === undefined ? undefined : new Set(pods.map(({ object }) => objectName(object)));
  return linesOf(read, 'agent', FATAL, names);
}

function inStatus(pod: StoredObject): { text: string; origin: Origin }[] {
  return lastWords(pod.object).flatMap(({ text, pointer }) =>
    FATAL.test(text) ? [{ text, origin: inObject(pod, pointer) }] : [],
  );
}
