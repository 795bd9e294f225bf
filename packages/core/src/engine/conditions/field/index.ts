import { inObject } from '../../../facts/reader.ts';
import type { ConditionDefinition } from '../../condition.ts';
import {
  badField,
  describeFieldTest,
  FIELD_TEST_SCHEMA,
  type FieldTest,
  showValue,
  testField,
} from '../../object-test.ts';

/** Tests a field of the object that the finding is about: a Service, a Pod, a Namespace … */
export const fieldCondition: ConditionDefinition<FieldTest> = {
  id: 'field',
  description: 'A field of the object the finding is about has a certain value.',
  parameters: FIELD_TEST_SCHEMA,
  example: { field: 'spec.externalIPs', empty: false },
  level: () => 'object',
  check: (test) => {
    const bad = badField([test]);
    return bad === undefined ? undefined : { parameter: 'field', complaint: `"${bad}" is not a field path` };
  },
  evaluate(read, test) {
    const stored = read.object();
    if (stored === undefined) throw new Error('the condition "field" needs an object');
    const { passed, pointer, value } = testField(stored, test);
    const answer = passed ? 'yes' : 'no';
    return {
      answer,
      missing: [],
      reasons: [
        {
          condition: describeFieldTest(test),
          result: answer,
          fact: `field(${test.field})`,
          value: value === null ? 'not set' : showValue(value),
          origins: [inObject(stored, pointer)],
        },
      ],
    };
  },
};
