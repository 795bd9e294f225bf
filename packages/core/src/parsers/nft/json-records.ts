import type { ProblemLog } from '../parsed.ts';
import { secondsOf } from './element.ts';
import { expressionText } from './expression.ts';
import { elementOf } from './json-element.ts';
import {
  excerptOf,
  type JsonObject,
  listOf,
  numberOf,
  onlyProperty,
  scalarOf,
  textOf,
  textsOf,
} from './json-value.ts';
import type { NftChain, NftElement, NftFlowtable, NftObject, NftRule, NftSet } from './types.ts';

/** What every record may have. */
export function commonOf(fields: JsonObject): { readonly handle?: number; readonly comment?: string } {
  const handle = numberOf(fields.handle);
  const comment = textOf(fields.comment);
  return { ...(handle === undefined ? {} : { handle }), ...(comment === undefined ? {} : { comment }) };
}

/** A counter or another named object. */
export function objectOf(kind: string, name: string, fields: JsonObject, pointer: string): NftObject {
  const packets = kind === 'counter' ? numberOf(fields.packets) : undefined;
  const bytes = kind === 'counter' ? numberOf(fields.bytes) : undefined;
  return {
    kind,
    name,
    ...commonOf(fields),
    ...(packets === undefined ? {} : { packets }),
    ...(bytes === undefined ? {} : { bytes }),
    pointer,
  };
}

/** A chain, as yet without rules. */
export function chainOf(
  name: string,
  fields: JsonObject,
  pointer: string,
): NftChain & { readonly rules: NftRule[] } {
  const type = textOf(fields.type);
  const hook = textOf(fields.hook);
  const priority = numberOf(fields.prio);
  const policy = textOf(fields.policy);
  return {
    name,
    ...commonOf(fields),
    ...(type === undefined ? {} : { type }),
    ...(hook === undefined ? {} : { hook }),
    ...(priority === undefined ? {} : { priority }),
    ...(policy === undefined ? {} : { policy }),
    devices: textsOf(fields.dev),
    rules: [],
    pointer,
  };
}

/** A flowtable. */
export function flowtableOf(name: string, fields: JsonObject, pointer: string): NftFlowtable {
  const hook = textOf(fields.hook);
  const priority = numberOf(fields.prio);
  return {
    name,
    ...commonOf(fields),
    ...(hook === undefined ? {} : { hook }),
    ...(priority === undefined ? {} : { priority }),
    devices: textsOf(fields.dev),
    flags: textsOf(fields.flags),
    pointer,
  };
}

/** A set or map with its elements; those that are not understood become problems. */
export function setOf(
  kind: string,
  name: string,
  fields: JsonObject,
  pointer: string,
  problems: ProblemLog,
): NftSet {
  const elements: NftElement[] = [];
  for (const [index, item] of listOf(fields.elem).entries()) {
    const place = { pointer: `${pointer}/elem/${index}` };
    const element = elementOf(item, place);
    if (element === undefined) problems.add(place, 'expected an element', excerptOf(item));
    else elements.push(element);
  }
  const dataType = typeText(fields.map);
  const size = numberOf(fields.size);
  const timeout = secondsOf(scalarOf(fields.timeout));
  return {
    kind: kind === 'map' ? 'map' : 'set',
    name,
    ...commonOf(fields),
    type: typeText(fields.type) ?? '',
    ...(dataType === undefined ? {} : { dataType }),
    flags: textsOf(fields.flags),
    ...(size === undefined ? {} : { size }),
    ...(timeout === undefined ? {} : { timeout }),
    elements,
    pointer,
  };
}

/** `ipv4_addr`, `["ipv4_addr", "inet_service"]` or `{"typeof": expression}` */
function typeText(type: unknown): string | undefined {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return textsOf(type).join(' . ');
  const property = onlyProperty(type);
  return property?.[0] === 'typeof' ? expressionText(property[1]) : undefined;
}
