import { LineRedactor } from './line-redactor.ts';
import type { Redaction, RedactMode } from './modes.ts';

/**
 * Takes secrets out of a text. Lines stay lines; lines without a secret stay as they were.
 *
 * `redactText('user: a\npassword: hunter2\n', 'configuration')` gives the text `user: a\npassword: <redacted:password>\n`
 * and the redactions `[{ kind: 'password', count: 1 }]`.
 */
export function redactText(
  text: string,
  mode: RedactMode,
): { readonly text: string; readonly redactions: readonly Redaction[] } {
  const redactor = new LineRedactor(mode);
  const lines = text.split('\n').map((line) => redactor.redactLine(line));
  const redactions = redactor.redactions();
  return { text: redactions.length === 0 ? text : lines.join('\n'), redactions };
}
