import type { ProblemLog } from '../parsed.ts';
import { reject } from '../tool-output/index.ts';

/** One object of the array that `ip -j` and `bridge -j` print. */
export interface JsonRecord {
  readonly pointer: string;
  readonly fields: JsonFields;
}

export type JsonFields = Readonly<Record<string, unknown>>;

/**
 * The objects of a JSON array. Text that is not such an array gives no objects and a problem; empty text gives neither.
 * `{}` elements are left out: `ip` before 5.0 prints them for objects its filter dropped.
 */
export function jsonRecords(text: string, log: ProblemLog): readonly JsonRecord[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (body.trim() === '') return [];
  const document = parseJson(body, log);
  if (document === undefined) return [];
  if (!Array.isArray(document)) {
    log.add({ pointer: '' }, 'expected a JSON array', body);
    return [];
  }
  const records: JsonRecord[] = [];
  for (const [index, element] of document.entries()) {
    const pointer = `/${index}`;
    const fields = toFields(element);
    if (fields === undefined) log.add({ pointer }, 'expected a JSON object');
    else if (Object.keys(fields).length > 0) records.push({ pointer, fields });
  }
  return records;
}

function parseJson(text: string, log: ProblemLog): unknown {
  try {
    return JSON.parse(text);
  } catch {
    reject(log, { line: 1 }, 'not valid JSON', text);
    return undefined;
  }
}

/** The value as an object, or `undefined` when it is anything else. */
export function toFields(value: unknown): JsonFields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** The first fields of an object in short, for the text of a problem. */
export function sketchOf(fields: JsonFields): string {
  const shown = Object.entries(fields).slice(0, 8);
  return shown
    .map(([name, value]) => `${name}: ${typeof value === 'object' && value !== null ? '…' : String(value)}`)
    .join(', ');
}

/** The field as text; numbers are written out. */
export function stringField(fields: JsonFields, name: string): string | undefined {
  const value = fields[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The field as a number; decimal text counts too. */
export function numberField(fields: JsonFields, name: string): number | undefined {
  const value = fields[name];
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The texts of an array field; anything else in it is left out. */
export function stringsField(fields: JsonFields, name: string): readonly string[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The objects of an array field. */
export function recordsField(record: JsonRecord, name: string): readonly JsonRecord[] {
  const value = record.fields[name];
  if (!Array.isArray(value)) return [];
  const records: JsonRecord[] = [];
  for (const [index, element] of value.entries()) {
    const fields = toFields(element);
    if (fields !== undefined) records.push({ pointer: `${record.pointer}/${name}/${index}`, fields });
  }
  return records;
}

/** Whether a field that stands for itself is there: iproute2 prints `null` or `true` for it. */
export function hasMark(fields: JsonFields, name: string): boolean {
  return name in fields && fields[name] !== false;
}
