import { isObject, type JsonObject, listOf, onlyProperty, scalarOf, textOf } from './json-value.ts';

/** How deep expressions may be nested; nft itself allows far less. */
const DEPTH_LIMIT = 32;

/** What nft writes without `meta` before it. */
const UNQUALIFIED_META: ReadonlySet<string> = new Set([
  'iif',
  'oif',
  'iifname',
  'oifname',
  'iifgroup',
  'oifgroup',
]);

/** Keys whose values nft writes in quotes. */
const QUOTED_META: ReadonlySet<string> = new Set([
  'iif',
  'oif',
  'iifname',
  'oifname',
  'ibrname',
  'obrname',
  'sdif',
  'sdifname',
  'iifkind',
  'oifkind',
  'time',
  'day',
  'hour',
]);

const BINARY: ReadonlySet<string> = new Set(['&', '|', '^', '<<', '>>']);

/**
 * A JSON expression of libnftables in the words of the text form, or undefined when it is of a kind not known here.
 * https://manpages.debian.org/libnftables-json.5 lists the kinds.
 *
 * ```text
 * {"payload": {"protocol": "ip", "field": "daddr"}}   → ip daddr
 * {"&": [{"meta": {"key": "mark"}}, 16384]}           → meta mark & 16384
 * {"concat": ["10.0.0.1", "tcp", 80]}                 → 10.0.0.1 . tcp . 80
 * ```
 */
export function expressionText(value: unknown, quoted = false, depth = 0): string | undefined {
  if (depth > DEPTH_LIMIT) return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string')
    return quoted && value !== '*' && !value.startsWith('@') ? `"${value}"` : value;
  if (typeof value === 'boolean') return value ? 'exists' : 'missing';
  if (Array.isArray(value)) return joined(value, ',', quoted, depth);
  const property = onlyProperty(value);
  if (property === undefined) return undefined;
  const [kind, content] = property;
  if (BINARY.has(kind)) return joinedOperands(listOf(content), kind, depth);
  if (kind === 'concat') return joined(listOf(content), ' . ', quoted, depth);
  if (kind === 'set') return setText(listOf(content), quoted, depth);
  if (kind === 'range') return rangeText(listOf(content), quoted, depth);
  if (!isObject(content)) return verdictText(kind, content);
  return objectText(kind, content, quoted, depth);
}

/** Whether values compared with an expression are written in quotes: names of interfaces and such. */
export function hasQuotedValues(value: unknown): boolean {
  const property = onlyProperty(value);
  if (property === undefined || !isObject(property[1])) return false;
  const key = textOf(property[1].key);
  if (property[0] === 'meta') return key !== undefined && QUOTED_META.has(key);
  return (property[0] === 'ct' && key === 'helper') || property[0] === 'osf';
}

/** Whether nft writes `==` after an expression instead of nothing. */
export function isComputed(value: unknown): boolean {
  const property = onlyProperty(value);
  return property !== undefined && BINARY.has(property[0]);
}

/** Whether an expression gives flags: compared with those, nothing asks for any of them and `==` for exactly them. */
export function areFlags(value: unknown): boolean {
  const property = onlyProperty(value);
  if (property === undefined || !isObject(property[1])) return false;
  const [kind, { key, protocol, field }] = property;
  if (kind === 'ct') return key === 'state' || key === 'status' || key === 'event';
  return kind === 'payload' && protocol === 'tcp' && field === 'flags';
}

function joined(
  values: readonly unknown[],
  separator: string,
  quoted: boolean,
  depth: number,
): string | undefined {
  const texts: string[] = [];
  for (const value of values) {
    const text = expressionText(value, quoted, depth + 1);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.join(separator);
}

function joinedOperands(values: readonly unknown[], operator: string, depth: number): string | undefined {
  const texts: string[] = [];
  for (const value of values) {
    const text = Array.isArray(value)
      ? joined(value, ' | ', false, depth)
      : expressionText(value, false, depth + 1);
    if (text === undefined) return undefined;
    const needsBrackets = isComputed(value) || (Array.isArray(value) && value.length > 1);
    texts.push(needsBrackets ? `(${text})` : text);
  }
  return texts.join(` ${operator} `);
}

function setText(elements: readonly unknown[], quoted: boolean, depth: number): string | undefined {
  const texts: string[] = [];
  for (const element of elements) {
    const text = elementText(element, quoted, depth);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return `{ ${texts.join(', ')} }`;
}

/** An element of a set, or a pair of key and data of a map. */
export function elementText(element: unknown, quoted: boolean, depth = 0): string | undefined {
  if (!Array.isArray(element)) return expressionText(element, quoted, depth + 1);
  const key = expressionText(element[0], quoted, depth + 1);
  const data = expressionText(element[1], false, depth + 1);
  return element.length !== 2 || key === undefined || data === undefined ? undefined : `${key} : ${data}`;
}

/** `{"accept": null}`, `{"jump": {"target": "x"}}` */
export function verdictText(kind: string, content: unknown): string | undefined {
  if (kind === 'accept' || kind === 'drop' || kind === 'continue' || kind === 'return') return kind;
  const target = isObject(content) ? textOf(content.target) : undefined;
  return (kind === 'jump' || kind === 'goto') && target !== undefined ? `${kind} ${target}` : undefined;
}

function objectText(kind: string, fields: JsonObject, quoted: boolean, depth: number): string | undefined {
  const part = (name: string): string | undefined => {
    const value = fields[name];
    return value === undefined ? undefined : expressionText(value, false, depth + 1);
  };
  switch (kind) {
    case 'payload':
      return payloadText(fields);
    case 'meta': {
      const key = textOf(fields.key);
      return key !== undefined && UNQUALIFIED_META.has(key) ? key : words('meta', key);
    }
    case 'ct':
      return fields.dir === undefined
        ? words('ct', ...optional(fields.family), part('key'))
        : words('ct', part('dir'), ...optional(fields.family), part('key'));
    case 'rt':
      return words('rt', ...optional(fields.family), part('key'));
    case 'fib':
      return words('fib', joined(listOf(fields.flags), ' . ', false, depth), part('result'));
    case 'socket':
      return words('socket', part('key'));
    case 'osf':
      return words('osf', part('key'));
    case 'numgen':
      return words('numgen', part('mode'), 'mod', part('mod'), ...offset(fields));
    case 'jhash':
      return words('jhash', part('expr'), 'mod', part('mod'), ...named('seed', fields), ...offset(fields));
    case 'symhash':
      return words('symhash', 'mod', part('mod'), ...offset(fields));
    case 'prefix':
      return prefixText(part('addr'), part('len'), quoted);
    case 'map':
      return mapText('map', fields, depth);
    case 'elem':
      return elemText(fields, quoted, depth);
    case 'exthdr':
      return fields.field === undefined ? words('exthdr', part('name')) : words(part('name'), part('field'));
    case 'ip option':
    case 'tcp option':
    case 'sctp chunk':
    case 'dccp option':
      return words(kind, part('name'), ...optional(fields.field));
    case 'ipsec':
      return words('ipsec', part('dir'), ...named('spnum', fields), ...optional(fields.family), part('key'));
    default:
      return verdictText(kind, fields);
  }
}

/** `ip saddr map @name` or `… vmap { … }`. */
export function mapText(word: 'map' | 'vmap', fields: JsonObject, depth = 0): string | undefined {
  const key = expressionText(fields.key, false, depth + 1);
  const data = expressionText(fields.data, hasQuotedKey(fields.key), depth + 1);
  return words(key, word, data);
}

function hasQuotedKey(key: unknown): boolean {
  const property = onlyProperty(key);
  return property?.[0] === 'concat' ? false : hasQuotedValues(key);
}

function payloadText(fields: JsonObject): string | undefined {
  const base = textOf(fields.base);
  const offset = scalarOf(fields.offset);
  const length = scalarOf(fields.len);
  if (base !== undefined) return offset && length && `@${base},${offset},${length}`;
  return words(...optional(fields.tunnel), textOf(fields.protocol), textOf(fields.field));
}

function rangeText(borders: readonly unknown[], quoted: boolean, depth: number): string | undefined {
  const text = joined(borders, '-', false, depth);
  return quoted && text !== undefined ? `"${text}"` : text;
}

function prefixText(
  address: string | undefined,
  length: string | undefined,
  quoted: boolean,
): string | undefined {
  if (address === undefined || length === undefined) return undefined;
  return quoted ? `"${address}/${length}"` : `${address}/${length}`;
}

function elemText(fields: JsonObject, quoted: boolean, depth: number): string | undefined {
  return words(
    expressionText(fields.val, quoted, depth + 1),
    ...named('timeout', fields),
    ...named('expires', fields),
  );
}

function offset(fields: JsonObject): readonly string[] {
  return fields.offset === 0 ? [] : named('offset', fields);
}

/** A field that may be there, with its name before it. */
export function named(name: string, fields: JsonObject): readonly string[] {
  const value = scalarOf(fields[name]);
  return value === undefined ? [] : [`${name} ${value}`];
}

function optional(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}

/** The parts with spaces between them; undefined when one of them is. */
export function words(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(' ');
}
