import { readFile } from 'node:fs/promises';
import type { Finding } from '@netvet/core';
import { parse } from 'yaml';
import { UsageError } from './exit-codes.ts';

/** A finding that somebody decided to live with. */
interface Accepted {
  readonly issue: string;
  /** `node/n1`, `service/default/web`; absent: every subject. */
  readonly subject?: string;
  readonly reason: string;
  /** Last day, `2027-01-31`; absent: for good. */
  readonly until?: string;
}

/**
 * Tests whether a finding was accepted in `file`: a YAML list of `{ issue, subject, reason, until }`.
 * Accepted findings stay in the report and do not count for the exit code.
 */
export async function readAccepted(
  file: string | undefined,
  today: string,
): Promise<(finding: Finding) => boolean> {
  if (file === undefined) return () => false;
  const list = parseList(file, await readText(file));
  return ({ issue, subject }) =>
    list.some(
      (one) =>
        one.issue === issue &&
        (one.subject === undefined || one.subject === `${subject.kind}/${subject.name}`) &&
        (one.until === undefined || today.slice(0, 10) <= one.until),
    );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file} can not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function parseList(file: string, text: string): readonly Accepted[] {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(value)) throw new UsageError(`${file}: expected a list of { issue, reason }`);
  for (const [index, item] of value.entries()) {
    const { issue, reason } = (item ?? {}) as Partial<Accepted>;
    if (typeof issue !== 'string' || typeof reason !== 'string') {
      throw new UsageError(`${file}: entry ${index + 1} needs "issue" and "reason"`);
    }
  }
  return value as readonly Accepted[];
}
