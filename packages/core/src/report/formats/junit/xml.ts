import { printable } from '../../shared/unprintable.ts';

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Text for element content; lines stay. All that XML 1.0 can not hold, not even as a reference
 * (https://www.w3.org/TR/xml/#charsets), is among the unprintable characters and becomes a visible escape.
 */
export function xmlText(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeXml(printable(line)))
    .join('\n');
}

/** Text for an attribute in double quotes, on one line. */
export function xmlAttribute(text: string): string {
  return escapeXml(printable(text));
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => REFERENCES[character] ?? character);
}

/** An element with its attributes; without children it closes itself. Children are XML already. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const open = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlAttribute(String(value))}"`);
  const start = `<${name}${open.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}
