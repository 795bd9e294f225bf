import { componentPresent, PRODUCTS } from '../../../facts/derived/components/presence.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { factOutcome } from '../../fact-outcome.ts';

interface Parameters {
  readonly name: string;
  readonly present: boolean;
}

/** Tests whether a product runs in the cluster at all. */
export const componentCondition: ConditionDefinition<Parameters> = {
  id: 'component',
  description: 'A product is, or is not, installed in the cluster.',
  parameters: {
    type: 'object',
    required: ['name', 'present'],
    additionalProperties: false,
    properties: { name: { enum: PRODUCTS }, present: { type: 'boolean' } },
  },
  example: { name: 'calico', present: true },
  level: () => 'cluster',
  evaluate(read, { name, present }) {
    const sentence = `${name} is ${present ? 'installed' : 'not installed'}`;
    return factOutcome(componentPresent, name, read.fact(componentPresent, name), sentence, (value) => ({
      answer: value === present ? 'yes' : 'no',
      value: value ? 'installed' : 'not installed',
    }));
  },
};
