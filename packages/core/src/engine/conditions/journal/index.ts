import { at, type ProbeRead } from '../../../facts/reader.ts';
import type { LogLine } from '../../../parsers/logs/index.ts';
import { dmesgProbe, journalProbe } from '../../../probes/system.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { patternOf } from '../../value-test.ts';

interface Parameters {
  readonly matches: string;
}

/** Looks for a message of the kernel or of a service in the node's journal and kernel log. */
export const journalCondition: ConditionDefinition<Parameters> = {
  id: 'journal',
  description: 'The journal or the kernel log of the node has a line that matches.',
  parameters: {
    type: 'object',
    required: ['matches'],
    additionalProperties: false,
    properties: { matches: { type: 'string', format: 'regex' } },
  },
  example: { matches: 'UDP: bad checksum' },
  level: () => 'node',
  evaluate(read, { matches }) {
    const pattern = patternOf(matches);
    const probes = [read.probe(journalProbe), read.probe(dmesgProbe)];
    const hit = probes.map((probe) => lineIn(probe, pattern)).find((line) => line !== undefined);
    const answer =
      hit !== undefined ? 'yes' : probes.some(({ state }) => state === 'read') ? 'no' : 'unknown';
    return {
      answer,
      missing:
        answer === 'unknown'
          ? probes.flatMap((probe) => (probe.state === 'missing' ? [probe.missing] : []))
          : [],
      reasons: [
        {
          condition: `the node's journal says ${matches}`,
          result: answer,
          fact: 'journal',
          value: hit?.text.slice(0, 400) ?? 'no such line',
          origins: hit === undefined ? [] : [hit.origin],
        },
      ],
    };
  },
};

function lineIn(probe: ProbeRead<readonly LogLine[]>, pattern: RegExp) {
  if (probe.state === 'missing') return undefined;
  const line = probe.value.find(({ text }) => pattern.test(text));
  return line === undefined ? undefined : { text: line.text, origin: at(probe.file, line) };
}
