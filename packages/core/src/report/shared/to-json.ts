import { escapeUnprintable } from './unprintable.ts';

/** Indented JSON in which no character acts on a terminal: those stand as escapes, so the value stays the same. */
export function toJson(value: unknown): string {
  return `${escapeUnprintable(JSON.stringify(value, null, 2))}\n`;
}
