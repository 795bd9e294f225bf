import {
  CONDITIONS,
  type JsonSchema,
  REMEDY_KINDS,
  SEVERITIES,
  SUBJECT_KINDS,
  SYMPTOM_KINDS,
} from '@netvet/core';

const TEXT = { type: 'string', minLength: 1 };
const CONDITION = { $ref: '#/$defs/condition' };

/** A list of conditions stands for `all`. */
const CONDITIONS_FIELD = { anyOf: [CONDITION, { type: 'array', items: CONDITION, minItems: 1 }] };

function object(required: readonly string[], properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: 'object', required, additionalProperties: false, properties };
}

const SYMPTOM = object(['kind', 'text'], {
  kind: { enum: SYMPTOM_KINDS },
  text: TEXT,
  seconds: { type: 'array', items: { type: 'number', exclusiveMinimum: 0 } },
  pattern: { type: 'string', format: 'regex' },
  where: TEXT,
});

const REMEDY = object(['kind', 'text'], {
  kind: { enum: REMEDY_KINDS },
  text: TEXT,
  component: TEXT,
  to: TEXT,
  command: TEXT,
  files: { type: 'array', items: object(['path', 'content'], { path: TEXT, content: TEXT }) },
  sideEffects: TEXT,
  persistence: TEXT,
  needs: TEXT,
  when: CONDITION,
});

const CONFIDENCE = object(['border', 'level'], {
  border: TEXT,
  level: { enum: ['verified', 'inferred', 'documented', 'report-only'] },
  note: TEXT,
});

const FIELDS = {
  id: { type: 'string', pattern: '^[a-z0-9-]+/[a-z0-9-]+$' },
  aliases: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9-]+/[a-z0-9-]+$' } },
  withdrawn: TEXT,
  title: TEXT,
  severity: { enum: SEVERITIES },
  summary: TEXT,
  mechanism: TEXT,
  symptoms: { type: 'array', items: SYMPTOM, minItems: 1 },
  scope: object(['subject'], {
    subject: { enum: SUBJECT_KINDS },
    resource: { anyOf: [TEXT, { type: 'array', items: TEXT, minItems: 1 }] },
    component: TEXT,
    select: CONDITION,
  }),
  applies: CONDITIONS_FIELD,
  observed: CONDITIONS_FIELD,
  mitigated: CONDITIONS_FIELD,
  remedies: { type: 'array', items: REMEDY, minItems: 1 },
  verify: { type: 'array', items: TEXT, minItems: 1 },
  reproduction: { type: 'string', pattern: '^[a-z0-9-]+$' },
  references: { type: 'array', items: { type: 'string', pattern: '^https://' }, minItems: 1 },
  confidence: { type: 'array', items: CONFIDENCE, minItems: 1 },
  corrections: {
    type: 'array',
    items: object(['claim', 'source', 'truth'], { claim: TEXT, source: TEXT, truth: TEXT }),
  },
  conflicts: { type: 'array', items: TEXT },
};

const REQUIRED = [
  'title',
  'severity',
  'summary',
  'mechanism',
  'symptoms',
  'scope',
  'remedies',
  'verify',
  'references',
  'confidence',
];

/** Names of the fields of an entry, in the order they have in a file. */
export const ISSUE_FIELDS: readonly string[] = Object.keys(FIELDS);

const COMBINATORS: readonly JsonSchema[] = [
  object(['all'], { all: { type: 'array', items: CONDITION, minItems: 1 } }),
  object(['any'], { any: { type: 'array', items: CONDITION, minItems: 1 } }),
  object(['not'], { not: CONDITION }),
  object(['some-node'], { 'some-node': CONDITION }),
];

/** JSON Schema of `issue.yaml`, for editors. The id comes from the folder, so a file does not hold one. */
export function issueSchema(): JsonSchema {
  const { id, ...fields } = FIELDS;
  const named = CONDITIONS.map((condition) => ({
    ...object([condition.id], { [condition.id]: condition.parameters }),
    description: condition.description,
  }));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://netvet.dev/schema/issue.json',
    title: 'netvet catalogue entry',
    ...object(REQUIRED, fields),
    $defs: { condition: { oneOf: [...COMBINATORS, ...named] } },
  };
}

/**
 * The same without the insides of conditions: those are checked one by one, as a schema of alternatives can only say
 * that none of them fits.
 */
export function outlineSchema(): JsonSchema {
  const { id, ...fields } = FIELDS;
  return { ...object(REQUIRED, fields), $defs: { condition: { type: 'object' } } };
}
