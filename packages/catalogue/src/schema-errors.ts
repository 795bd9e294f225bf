import type { JsonSchema } from '@netvet/core';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Part, Path } from './complaints.ts';

export interface SchemaError {
  readonly path: Path;
  readonly message: string;
  readonly part: Part;
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
ajv.addFormat('regex', { type: 'string', validate: isRegex });
const validators = new Map<string, ValidateFunction>();

/** What a schema finds wrong with a value, each with its path and, where there are some, the allowed values. */
export function schemaErrors(name: string, schema: JsonSchema, value: unknown): readonly SchemaError[] {
  let validate = validators.get(name);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    validators.set(name, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => ({
    path: pathOf(error, value),
    message: messageOf(error, schema),
    part: error.keyword === 'additionalProperties' ? 'key' : 'value',
  }));
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'mu');
    return true;
  } catch {
    return false;
  }
}

function pathOf(error: ErrorObject, root: unknown): Path {
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const extra = error.keyword === 'additionalProperties' ? [String(error.params.additionalProperty)] : [];
  let value = root;
  return [...steps, ...extra].map((step) => {
    const key = Array.isArray(value) ? Number(step) : step;
    value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[key];
    return key;
  });
}

function messageOf(error: ErrorObject, schema: JsonSchema): string {
  if (error.keyword === 'enum') {
    return `allowed values are: ${(error.params.allowedValues as unknown[]).map(String).join(', ')}`;
  }
  if (error.keyword === 'additionalProperties') {
    const known = error.instancePath === '' ? Object.keys((schema.properties ?? {}) as object) : [];
    const hint = known.length === 0 ? '' : `; allowed are: ${known.join(', ')}`;
    return `unknown field "${String(error.params.additionalProperty)}"${hint}`;
  }
  return error.message ?? error.keyword;
}
