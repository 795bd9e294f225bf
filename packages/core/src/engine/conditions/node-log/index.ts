import { podLogsCommand } from '../../../facts/pod-logs-command.ts';
import type { ContainerLog, Reader } from '../../../facts/reader.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { patternOf } from '../../value-test.ts';

interface Parameters {
  readonly pod: string;
  readonly matches: string;
}

/**
 * Looks for a line in the logs of the pods that run on the node. A pod is of the node if its object says so or, for a
 * static pod, if its name ends in the node's; in a cluster of one node every pod is.
 */
export const nodeLogCondition: ConditionDefinition<Parameters> = {
  id: 'node-log',
  description: 'A container log of a pod on the node has a line that matches.',
  parameters: {
    type: 'object',
    required: ['pod', 'matches'],
    additionalProperties: false,
    properties: {
      pod: {
        type: 'string',
        format: 'regex',
        description: 'Beginning of the pod name, as a regular expression.',
      },
      matches: { type: 'string', format: 'regex' },
    },
  },
  example: { pod: 'kube-proxy', matches: 'Not using `--random-fully`' },
  level: () => 'node',
  evaluate(read, { pod, matches }) {
    const logs = logsOfNode(read, pod);
    const hit = firstHit(logs, patternOf(matches));
    const answer = hit !== undefined ? 'yes' : logs.length > 0 ? 'no' : 'unknown';
    return {
      answer,
      missing:
        answer === 'unknown'
          ? [
              {
                fact: `log of ${pod} on the node`,
                command: podLogsCommand(pod, '--all-containers --tail=20000'),
                where: 'node',
              },
            ]
          : [],
      reasons: [
        {
          condition: `a log of ${pod} on the node says ${matches}`,
          result: answer,
          fact: 'logs',
          value: hit?.text ?? 'no such line',
          origins:
            hit === undefined
              ? logs.slice(0, 3).map(({ file }) => ({ file }))
              : [{ file: hit.file, line: hit.line }],
        },
      ],
    };
  },
};

function logsOfNode(read: Reader, pod: string): readonly ContainerLog[] {
  const start = patternOf(`^(?:${pod})`);
  const logs = read.logs().filter((log) => start.test(log.pod));
  if (logs.length === 0) return [];
  const node = read.nodeName();
  const own = new Set(
    (read.podsOnNode()?.items ?? []).map(
      ({ object }) => `${object.metadata.namespace}/${object.metadata.name}`,
    ),
  );
  const alone = read.nodes().length === 1;
  return logs.filter(
    (log) =>
      alone || own.has(`${log.namespace}/${log.pod}`) || (node !== undefined && log.pod.endsWith(`-${node}`)),
  );
}

function firstHit(logs: readonly ContainerLog[], pattern: RegExp) {
  for (const { text, file } of logs) {
    const index = text.search(pattern);
    if (index < 0) continue;
    const start = text.lastIndexOf('\n', index) + 1;
    const end = text.indexOf('\n', index);
    const line = text.slice(0, start).split('\n').length;
    return { text: text.slice(start, end < 0 ? undefined : end).slice(0, 400), file, line };
  }
  return undefined;
}
