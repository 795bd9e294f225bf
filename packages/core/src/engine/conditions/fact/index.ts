import { factById, factIds } from '../../../facts/registry.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';
import { describeTest, passes, testIn, VALUE_TEST_PROPERTIES, type ValueTest } from '../../value-test.ts';

interface Parameters extends ValueTest {
  readonly id: string;
  readonly of?: string;
}

/** Tests any derived fact by its id. The way to use facts that no other condition wraps. */
export const factCondition: ConditionDefinition<Parameters> = {
  id: 'fact',
  description: 'A derived fact has a certain value.',
  parameters: {
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', description: 'Id of the fact.' },
      of: { type: 'string', description: 'Parameter of the fact, where it takes one.' },
      ...VALUE_TEST_PROPERTIES,
    },
  },
  example: { id: 'kube-proxy.mode', is: 'ipvs' },
  level: ({ id }) => factById(id)?.level ?? 'cluster',
  check: ({ id }) =>
    factById(id) === undefined
      ? { parameter: 'id', complaint: `unknown fact "${id}"; facts are: ${factIds().join(', ')}` }
      : undefined,
  evaluate(read, parameters) {
    const definition = factById(parameters.id);
    if (definition === undefined) throw new Error(`fact ${parameters.id} does not exist`);
    const of = parameters.of ?? '';
    const test = testIn(parameters);
    const name = of === '' ? definition.title : `${definition.title} of ${of}`;
    return factOutcome(
      definition,
      of,
      read.fact(definition, of),
      `${name} ${describeTest(test)}`,
      (value) => ({
        answer: passes(value, test) ? 'yes' : 'no',
      }),
    );
  },
};
