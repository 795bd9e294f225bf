import type { FactLevel, Issue, Scope } from '@netvet/core';
import { LineCounter, parseDocument } from 'yaml';
import { type Complaint, placeOf } from './complaints.ts';
import { type Complain, checkCondition, checkConditions, toNode } from './conditions.ts';
import { ISSUE_FIELDS, outlineSchema } from './issue-schema.ts';
import { schemaErrors } from './schema-errors.ts';

export type LoadedIssue =
  | { readonly ok: true; readonly issue: Issue }
  | { readonly ok: false; readonly complaints: readonly Complaint[] };

const LEVELS: Readonly<Record<string, readonly FactLevel[]>> = {
  cluster: ['cluster'],
  node: ['node', 'cluster'],
  pod: ['object', 'node', 'cluster'],
  service: ['object', 'cluster'],
  object: ['object', 'cluster'],
};

/** Reads and checks the text of an `issue.yaml`; complaints name file, line, column and what is allowed there. */
export function loadIssue(id: string, file: string, text: string): LoadedIssue {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const complaints: Complaint[] = [];
  for (const error of document.errors) {
    const [start] = error.linePos ?? [{ line: 1, col: 1 }];
    complaints.push({
      file,
      line: start.line,
      column: start.col,
      message: error.message.split('\n')[0] ?? '',
    });
  }
  if (complaints.length > 0) return { ok: false, complaints };
  const complain: Complain = (path, message, part = 'value') => {
    complaints.push({ file, ...placeOf(document, lines, path, part), message });
  };
  const value: unknown = document.toJS();
  for (const error of schemaErrors('issue', outlineSchema(), value))
    complain(error.path, error.message, error.part);
  if (complaints.length > 0) return { ok: false, complaints };
  const fields = value as Readonly<Record<string, unknown>>;
  checkParts(fields, complain);
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, issue: toIssue(id, fields) };
}

function checkParts(fields: Readonly<Record<string, unknown>>, complain: Complain): void {
  const scope = fields.scope as Scope;
  const allowed = LEVELS[scope.subject] ?? ['cluster'];
  if (fields.applies === undefined && fields.observed === undefined) {
    complain([], 'expected "applies" or "observed": without them nothing can be decided');
  }
  for (const field of ['applies', 'observed', 'mitigated'] as const) {
    if (fields[field] !== undefined) checkConditions(fields[field], [field], allowed, complain);
  }
  if (scope.select !== undefined) checkCondition(scope.select, ['scope', 'select'], allowed, complain);
  for (const [index, remedy] of (fields.remedies as readonly { when?: unknown }[]).entries()) {
    if (remedy.when !== undefined)
      checkCondition(remedy.when, ['remedies', index, 'when'], allowed, complain);
  }
  const order = Object.keys(fields);
  const wanted = ISSUE_FIELDS.filter((field) => order.includes(field));
  const wrong = order.findIndex((field, index) => field !== wanted[index]);
  if (wrong >= 0) complain([order[wrong] ?? ''], `fields stand in this order: ${wanted.join(', ')}`, 'key');
}

function toIssue(id: string, fields: Readonly<Record<string, unknown>>): Issue {
  const conditions: Record<string, unknown> = {};
  for (const field of ['applies', 'observed', 'mitigated']) {
    if (fields[field] !== undefined) conditions[field] = toNode(fields[field]);
  }
  return { ...fields, ...conditions, id } as unknown as Issue;
}
