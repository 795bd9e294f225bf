import { kernelConfigOption } from '../../../facts/derived/kernel-config/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';
import { describeTest, passes, testIn, VALUE_TEST_PROPERTIES, type ValueTest } from '../../value-test.ts';

interface Parameters extends ValueTest {
  readonly option: string;
}

/** Tests an option the running kernel was built with; `n` stands for "is not set". */
export const kernelConfigCondition: ConditionDefinition<Parameters> = {
  id: 'kernel-config',
  description: 'A kernel build option has a certain value: y, m, or n for "is not set".',
  parameters: {
    type: 'object',
    required: ['option'],
    additionalProperties: false,
    properties: { option: { type: 'string', pattern: '^CONFIG_' }, ...VALUE_TEST_PROPERTIES },
  },
  example: { option: 'CONFIG_NF_CONNTRACK_ZONES', is: 'n' },
  level: () => 'node',
  evaluate(read, parameters) {
    const { option } = parameters;
    const test = testIn(parameters);
    return factOutcome(
      kernelConfigOption,
      option,
      read.fact(kernelConfigOption, option),
      `${option} ${describeTest(test)}`,
      (value) => ({ answer: passes(value, test) ? 'yes' : 'no' }),
    );
  },
};
