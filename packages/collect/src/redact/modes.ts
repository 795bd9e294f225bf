/**
 * What kind of text secrets are looked for in:
 * - `configuration`: YAML, JSON, TOML, INI, `key = value`; a secret may go over several lines;
 * - `arguments`: command lines; a flag and its value may stand on two lines;
 * - `logs`: free text; what is not close to the name of a secret is kept.
 */
export type RedactMode = 'configuration' | 'arguments' | 'logs';

/** How many values of one kind were taken out. */
export interface Redaction {
  /** `password`, `token`, `key`, `certificate`, `pem`, `auth` or `secret`. */
  readonly kind: string;
  readonly count: number;
}

/** What stands in place of a secret. */
export function placeholder(kind: string): string {
  return `<redacted:${kind}>`;
}
