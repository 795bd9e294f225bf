import type { Severity } from '../../../model/severity.ts';

export type Style = Severity | 'bold' | 'dim' | 'good' | 'command';

/** Colours a text, or returns it as it is. */
export type Paint = (text: string, style: Style) => string;

/** Sixteen-colour codes: they follow the theme of the terminal, dark or light. */
const CODES: Readonly<Record<Style, string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  info: '34',
  bold: '1',
  dim: '2',
  good: '32',
  command: '1',
};

/** ANSI colours if wanted. */
export function painter(colour: boolean): Paint {
  return colour ? (text, style) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (text) => text;
}
