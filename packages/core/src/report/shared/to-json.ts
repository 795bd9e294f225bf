import { escapeUnprintable } from './unprintable.ts';

/** A report with more findings is not for reading; indented, it could be longer than a string may be. */
export const MANY_FINDINGS = 10_000;

/**
 * JSON in which no character acts on a terminal: those stand as escapes, so the value stays the same. It is indented,
 * unless it is about more than {@link MANY_FINDINGS} findings.
 */
export function toJson(value: unknown, findings = 0): string {
  return `${escapeUnprintable(JSON.stringify(value, null, findings > MANY_FINDINGS ? undefined : 2))}\n`;
}
