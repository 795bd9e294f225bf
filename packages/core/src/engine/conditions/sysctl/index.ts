import { sysctl } from '../../../facts/derived/sysctl/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';
import { describeTest, passes, testIn, VALUE_TEST_PROPERTIES, type ValueTest } from '../../value-test.ts';

interface Parameters extends ValueTest {
  readonly name: string;
}

/** Tests the value of a kernel setting on the node. */
export const sysctlCondition: ConditionDefinition<Parameters> = {
  id: 'sysctl',
  description: 'A sysctl of the host network namespace has a certain value.',
  parameters: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', description: 'Name with dots, as sysctl -a prints it.' },
      ...VALUE_TEST_PROPERTIES,
    },
  },
  example: { name: 'net.ipv4.vs.conn_reuse_mode', is: 0 },
  level: () => 'node',
  evaluate(read, parameters) {
    const test = testIn(parameters);
    const { name } = parameters;
    return factOutcome(
      sysctl,
      name,
      read.fact(sysctl, name),
      `sysctl ${name} ${describeTest(test)}`,
      (value) => ({
        answer: passes(value, test) ? 'yes' : 'no',
        value: value ?? 'not set',
      }),
    );
  },
};
