import type { Origin } from '../../../facts/fact.ts';
import { podLogsCommand } from '../../../facts/pod-logs-command.ts';
import type { ContainerLog, Reader } from '../../../facts/reader.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { patternOf } from '../../value-test.ts';

interface Parameters {
  readonly pod: string;
  readonly container?: string;
  readonly matches: string;
}

/**
 * Looks for a line in container logs. Logs rotate, so a log without the line is a `no` about that log only; an entry
 * should not rest a `not-affected` on it.
 */
export const logCondition: ConditionDefinition<Parameters> = {
  id: 'log',
  description: 'A container log of the cluster has a line that matches.',
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
      container: { type: 'string' },
      matches: { type: 'string', format: 'regex' },
    },
  },
  example: { pod: 'kube-proxy-', matches: "can't set sysctl .*conn_reuse_mode" },
  level: () => 'cluster',
  evaluate(read, parameters) {
    const logs = logsOf(read, parameters);
    const hit = firstHit(logs, patternOf(parameters.matches));
    const answer = hit !== undefined ? 'yes' : logs.length > 0 ? 'no' : 'unknown';
    return {
      answer,
      missing:
        answer === 'unknown'
          ? [
              {
                fact: `logs of ${parameters.pod}*`,
                command: podLogsCommand(parameters.pod, '--all-containers --tail=20000'),
              },
            ]
          : [],
      reasons: [
        {
          condition: `a log of ${parameters.pod}* says ${parameters.matches}`,
          result: answer,
          fact: 'logs',
          value: hit?.text ?? 'no such line',
          origins: hit === undefined ? logs.slice(0, 3).map(({ file }) => ({ file })) : [hit.origin],
        },
      ],
    };
  },
};

/** Logs of the pods that fit; for a finding about one pod, only its own. */
function logsOf(read: Reader, { pod, container }: Parameters): readonly ContainerLog[] {
  const start = patternOf(`^(?:${pod})`);
  return read
    .logs()
    .filter((log) => start.test(log.pod) && (container === undefined || log.container === container));
}

function firstHit(
  logs: readonly ContainerLog[],
  pattern: RegExp,
): { text: string; origin: Origin } | undefined {
  for (const { text, file } of logs) {
    const index = text.search(pattern);
    if (index < 0) continue;
    const start = text.lastIndexOf('\n', index) + 1;
    const end = text.indexOf('\n', index);
    let line = 1;
    for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
    return { text: text.slice(start, end < 0 ? undefined : end).slice(0, 400), origin: { file, line } };
  }
  return undefined;
}
