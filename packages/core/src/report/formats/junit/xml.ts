/** Characters that XML 1.0 can not hold, not even as references (https://www.w3.org/TR/xml/#charsets). */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text for element content; what XML can not hold becomes a visible escape. */
export function xmlText(text: string): string {
  return legal(text).replace(/[&<>]/g, (character) => REFERENCES[character] ?? character);
}

/** Text for an attribute in double quotes. */
export function xmlAttribute(text: string): string {
  return legal(text).replace(/[&<>"\t\n\r]/g, (character) => REFERENCES[character] ?? character);
}

function legal(text: string): string {
  return text.replace(ILLEGAL, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** An element with its attributes; without children it closes itself. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const open = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlAttribute(String(value))}"`);
  const start = `<${name}${open.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}
