import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';

/** One Kubernetes object and where it stands in its document. */
export interface KubeItem extends Place {
  /** The object as written; `kind` and `apiVersion` are filled in from a typed list where the item has none. */
  readonly object: Readonly<Record<string, unknown>>;
  /** JSON pointer of the object; the empty pointer is the whole document. */
  readonly pointer: string;
}

/** The objects of a document. */
export interface KubeObjects {
  /** Kind of the list, `List` or `NodeList`, or of the single object; absent for bare arrays and maps. */
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly items: readonly KubeItem[];
}

/** The kind and version a list states for its items. */
type ListType = Pick<KubeObjects, 'kind' | 'apiVersion'>;

/** Lists of lists happen where pages were put together; deeper nesting is damage. */
const DEEPEST = 8;

/**
 * Finds the objects in the parsed value of a JSON or YAML document. Accepts a `List`, a typed list, a bare array, a
 * single object, and maps from names to objects or lists.
 *
 * ```json
 * { "kind": "NodeList", "apiVersion": "v1", "items": [{ "metadata": { "name": "n1" } }] }
 * ```
 * gives `{ kind: 'NodeList', apiVersion: 'v1', items: [{ pointer: '/items/0', object: { kind: 'Node', apiVersion: 'v1', metadata: … } }] }`.
 *
 * What is no object is a problem; so is a `Status`, by which the API server says that a request failed.
 */
export function parseKubeObjects(value: unknown): Parsed<KubeObjects> {
  const problems = new ProblemLog();
  const items: KubeItem[] = [];
  collect(value, '', {}, 0, items, problems);
  const type = isRecord(value) ? typeOf(value) : {};
  return { value: { ...type, items }, problems: problems.list() };
}

/**
 * Reads one element of a list that was split before; `list` is what the list says of itself.
 * Gives several items when the element is a list again, none when it is no object.
 */
export function readKubeItem(
  value: unknown,
  pointer: string,
  list: ListType = {},
): Parsed<readonly KubeItem[]> {
  const problems = new ProblemLog();
  const items: KubeItem[] = [];
  collectItem(value, pointer, list, 0, items, problems);
  return { value: items, problems: problems.list() };
}

function collect(
  value: unknown,
  pointer: string,
  outer: ListType,
  depth: number,
  items: KubeItem[],
  problems: ProblemLog,
): void {
  if (depth > DEEPEST) {
    problems.add({ pointer }, 'lists nested too deep');
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      collectItem(item, `${pointer}/${index}`, outer, depth, items, problems);
    }
  } else if (!isRecord(value)) {
    problems.add({ pointer }, 'expected a Kubernetes object or a list of them', shown(value));
  } else if (isList(value)) {
    collectList(value, pointer, depth, items, problems);
  } else if (typeof value.kind === 'string' || isRecord(value.metadata)) {
    collectItem(value, pointer, outer, depth, items, problems);
  } else if (isMapOfObjects(value)) {
    for (const [name, item] of Object.entries(value)) {
      collect(item, `${pointer}/${escapePointer(name)}`, outer, depth + 1, items, problems);
    }
  } else {
    problems.add({ pointer }, 'expected a Kubernetes object or a list of them', Object.keys(value).join(' '));
  }
}

function collectList(
  list: Readonly<Record<string, unknown>>,
  pointer: string,
  depth: number,
  items: KubeItem[],
  problems: ProblemLog,
): void {
  const { items: content } = list;
  const type = typeOf(list);
  if (Array.isArray(content)) {
    collect(content, `${pointer}/items`, type, depth, items, problems);
  } else if (isRecord(content)) {
    for (const [name, item] of Object.entries(content)) {
      collectItem(item, `${pointer}/items/${escapePointer(name)}`, type, depth, items, problems);
    }
  } else if (content !== null) {
    // Go writes an empty list as null. A list without the field at all was cut.
    problems.add({ pointer }, 'a list without items');
  }
}

function collectItem(
  value: unknown,
  pointer: string,
  list: ListType,
  depth: number,
  items: KubeItem[],
  problems: ProblemLog,
): void {
  if (!isRecord(value)) {
    problems.add({ pointer }, 'expected a Kubernetes object', shown(value));
  } else if (isList(value)) {
    collect(value, pointer, list, depth + 1, items, problems);
  } else if (value.kind === 'Status') {
    const reason = typeof value.message === 'string' ? value.message : 'no message';
    problems.add({ pointer }, 'the API server answered with a Status instead of objects', reason);
  } else {
    items.push({ object: withType(value, list), pointer });
  }
}

/** Items of typed lists from the API server have neither kind nor version of their own. */
function withType(
  object: Readonly<Record<string, unknown>>,
  list: ListType,
): Readonly<Record<string, unknown>> {
  // A damaged list may have anything in these fields.
  const isTyped = typeof list.kind === 'string' && list.kind.endsWith('List');
  const kind = isTyped ? (list.kind ?? '').slice(0, -'List'.length) : '';
  if (kind === '') return object;
  const missing = {
    ...(typeof object.kind !== 'string' ? { kind } : {}),
    ...(typeof object.apiVersion !== 'string' && typeof list.apiVersion === 'string'
      ? { apiVersion: list.apiVersion }
      : {}),
  };
  return Object.keys(missing).length === 0 ? object : { ...object, ...missing };
}

/** A kind of custom objects may end in "List" too, but its objects have names. */
function isList(value: Readonly<Record<string, unknown>>): boolean {
  if (isRecord(value.metadata) && typeof value.metadata.name === 'string') return false;
  if (typeof value.kind === 'string') return value.kind.endsWith('List');
  return Array.isArray(value.items) || (isRecord(value.items) && isMapOfObjects(value.items));
}

function isMapOfObjects(value: Readonly<Record<string, unknown>>): boolean {
  const members = Object.values(value);
  return members.length > 0 && members.every(looksLikeObjects);
}

function looksLikeObjects(value: unknown): boolean {
  if (!isRecord(value)) return Array.isArray(value);
  return typeof value.kind === 'string' || isRecord(value.metadata) || Array.isArray(value.items);
}

function typeOf(value: Readonly<Record<string, unknown>>): ListType {
  return {
    ...(typeof value.kind === 'string' ? { kind: value.kind } : {}),
    ...(typeof value.apiVersion === 'string' ? { apiVersion: value.apiVersion } : {}),
  };
}

function shown(value: unknown): string {
  return Array.isArray(value) ? 'an array' : String(value);
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
