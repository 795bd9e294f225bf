import { CONDITIONS, type ConditionNode, conditionById, type FactLevel } from '@netvet/core';
import type { Part, Path } from './complaints.ts';
import { schemaErrors } from './schema-errors.ts';

export type Complain = (path: Path, message: string, part?: Part) => void;

const COMBINATORS = ['all', 'any', 'not', 'some-node'] as const;

/** Levels of facts that a condition at this place can use. */
export type Allowed = readonly FactLevel[];

/**
 * Checks one condition and all inside it: its name, its parameters, and that what it asks makes sense for the
 * subject of the entry.
 */
export function checkCondition(node: unknown, path: Path, allowed: Allowed, complain: Complain): void {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    complain(path, 'expected a condition: one name with its parameters');
    return;
  }
  const [[name, value] = ['', undefined], ...more] = Object.entries(node);
  if (more.length > 0) {
    complain(
      path,
      `expected one condition, found several: ${Object.keys(node).join(', ')}; put them into a list`,
    );
    return;
  }
  const inside = [...path, name];
  if (name === 'all' || name === 'any') checkList(value, inside, allowed, complain);
  else if (name === 'not') checkCondition(value, inside, allowed, complain);
  else if (name === 'some-node') checkCondition(value, inside, ['node', 'cluster'], complain);
  else checkNamed(name, value, inside, allowed, complain);
}

/** A field of an entry: one condition, or a list that stands for `all`. */
export function checkConditions(value: unknown, path: Path, allowed: Allowed, complain: Complain): void {
  if (Array.isArray(value)) checkList(value, path, allowed, complain);
  else checkCondition(value, path, allowed, complain);
}

function checkList(value: unknown, path: Path, allowed: Allowed, complain: Complain): void {
  if (!Array.isArray(value) || value.length === 0) complain(path, 'expected a list of conditions');
  else
    for (const [index, inner] of value.entries()) checkCondition(inner, [...path, index], allowed, complain);
}

function checkNamed(name: string, value: unknown, path: Path, allowed: Allowed, complain: Complain): void {
  const condition = conditionById(name);
  if (condition === undefined) {
    const names = [...COMBINATORS, ...CONDITIONS.map(({ id }) => id)];
    complain(path, `unknown condition "${name}"; allowed are: ${names.join(', ')}`, 'key');
    return;
  }
  const errors = schemaErrors(`condition ${name}`, condition.parameters, value);
  for (const error of errors) complain([...path, ...error.path], error.message, error.part);
  if (errors.length > 0) return;
  const parameters = value as never;
  const complaint = condition.check?.(parameters);
  if (complaint !== undefined) complain([...path, complaint.parameter], complaint.complaint);
  const level = condition.level(parameters);
  if (complaint === undefined && !allowed.includes(level))
    complain(path, misplaced(name, level, allowed), 'key');
}

function misplaced(name: string, level: FactLevel, allowed: Allowed): string {
  const hint = level === 'node' ? '; put it inside "some-node"' : '';
  return `"${name}" is about the ${level} here, and this place knows only: ${allowed.join(', ')}${hint}`;
}

/** A list of conditions is short for `all`. */
export function toNode(value: unknown): ConditionNode {
  return (Array.isArray(value) ? { all: value } : value) as ConditionNode;
}
