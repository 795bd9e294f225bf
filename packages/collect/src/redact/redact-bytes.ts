import type { Redaction, RedactMode } from './modes.ts';
import { redactText } from './redact-text.ts';

/**
 * Takes secrets out of a file. Bytes that are not UTF-8 do no harm: all that secrets are found by is ASCII, and every
 * other byte stays as it is. Without a secret the very same bytes come back.
 */
export function redactBytes(
  bytes: Uint8Array,
  mode: RedactMode,
): { readonly bytes: Uint8Array; readonly redactions: readonly Redaction[] } {
  // Latin-1 gives every byte one character and back.
  const { text, redactions } = redactText(Buffer.from(bytes).toString('latin1'), mode);
  return { bytes: redactions.length === 0 ? bytes : Buffer.from(text, 'latin1'), redactions };
}
