import { inObject, missingObjects } from '../../../facts/reader.ts';
import { objectName, type StoredObject } from '../../../facts/snapshot/object-store.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { COUNT_TEST_PROPERTIES, type CountTest, describeCount, testCount } from '../../count-test.ts';
import {
  badField,
  describeFieldTest,
  FIELD_TEST_SCHEMA,
  type FieldTest,
  testField,
} from '../../object-test.ts';
import type { ReasonDraft } from '../../outcome.ts';

interface Parameters extends CountTest {
  readonly resource: string;
  readonly where?: readonly FieldTest[];
}

const EVIDENCE_LIMIT = 3;

/** Counts the objects of a resource of which all tests hold. */
export const objectsCondition: ConditionDefinition<Parameters> = {
  id: 'objects',
  description: 'The cluster has a number of objects that pass all field tests.',
  parameters: {
    type: 'object',
    required: ['resource'],
    additionalProperties: false,
    properties: {
      resource: {
        type: 'string',
        description: 'Plural name as in the evidence directory, for example services.',
      },
      where: { type: 'array', items: FIELD_TEST_SCHEMA },
      ...COUNT_TEST_PROPERTIES,
    },
  },
  example: { resource: 'services', where: [{ field: 'spec.externalIPs', empty: false }] },
  level: () => 'cluster',
  check: ({ where = [] }) => {
    const bad = badField(where);
    return bad === undefined ? undefined : { parameter: 'where', complaint: `"${bad}" is not a field path` };
  },
  evaluate(read, parameters) {
    const { resource, where = [] } = parameters;
    const list = read.objects(resource);
    const found = (list?.items ?? []).filter((stored) =>
      where.every((test) => testField(stored, test).passed),
    );
    const complete = list?.complete === true;
    const answer = testCount(found.length, parameters, complete);
    const reason: ReasonDraft = {
      condition: describe(parameters),
      result: answer,
      fact: `objects(${resource})`,
      value: found.length === 0 ? 'none' : `${found.length}: ${names(found)}`,
      origins:
        found.length > 0
          ? found.slice(0, EVIDENCE_LIMIT).map((stored) => inObject(stored))
          : (list?.files ?? []).map((file) => ({ file })),
    };
    return { answer, reasons: [reason], missing: answer === 'unknown' ? [missingObjects(resource)] : [] };
  },
};

function names(found: readonly StoredObject[]): string {
  const shown = found.slice(0, EVIDENCE_LIMIT).map(({ object }) => objectName(object));
  return found.length > shown.length ? `${shown.join(', ')} …` : shown.join(', ');
}

function describe(parameters: Parameters): string {
  const tests = (parameters.where ?? []).map(describeFieldTest).join(' and ');
  const count = describeCount(parameters);
  return `${count} of ${parameters.resource}${tests === '' ? '' : ` with ${tests}`}`;
}
