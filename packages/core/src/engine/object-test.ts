import { isFieldPath, valuesAt } from '../facts/field-path.ts';
import type { StoredObject } from '../facts/snapshot/object-store.ts';
import type { JsonSchema } from './condition.ts';
import { describeTest, passes, testIn, VALUE_TEST_PROPERTIES, type ValueTest } from './value-test.ts';

/** Tests one field of an object. With `[]` in the path, one element that passes is enough. */
export interface FieldTest extends ValueTest {
  readonly field: string;
}

export const FIELD_TEST_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['field'],
  additionalProperties: false,
  properties: {
    field: { type: 'string', description: 'Path such as spec.externalIPs[] or metadata.annotations["a/b"].' },
    ...VALUE_TEST_PROPERTIES,
  },
};

export interface FieldResult {
  readonly passed: boolean;
  /** JSON pointer below the object: of the value that passed, else of the first value found, else of the object. */
  readonly pointer: string;
  readonly value: unknown;
}

/** Tests a field of `stored`; a field that is not there has the value null. */
export function testField(stored: StoredObject, test: FieldTest): FieldResult {
  const values = valuesAt(stored.object, test.field);
  const conditions = testIn(test);
  const hit = values.find(({ value }) => passes(value, conditions));
  if (hit !== undefined) return { passed: true, ...hit };
  const [first] = values;
  if (first !== undefined) return { passed: false, ...first };
  return { passed: passes(null, conditions), pointer: '', value: null };
}

export function describeFieldTest(test: FieldTest): string {
  return `${test.field} ${describeTest(testIn(test))}`;
}

/** The first field whose path makes no sense. */
export function badField(tests: readonly FieldTest[]): string | undefined {
  return tests.find(({ field }) => !isFieldPath(field))?.field;
}

/** A value as evidence shows it, cut where it is long. */
export function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
