import type { Place } from '../../model/evidence.ts';
import { readElement, secondsOf } from './element.ts';
import { elementText } from './expression.ts';
import { isObject, numberOf, onlyProperty, scalarOf, textOf } from './json-value.ts';
import { tokensOf } from './scanner.ts';
import type { NftElement } from './types.ts';

/**
 * One item of `elem`, or undefined when it is of a kind not known here:
 *
 * ```text
 * "10.0.0.1"    {"elem": {"val": "10.0.0.1", "comment": "x", "timeout": 60}}    ["10.0.0.1", {"jump": {"target": "y"}}]
 * ```
 */
export function elementOf(item: unknown, place: Place): NftElement | undefined {
  const [key, ...data] = Array.isArray(item) ? item : [item];
  const [kind, content] = onlyProperty(key) ?? [];
  const fields = kind === 'elem' && isObject(content) ? content : undefined;
  const value = fields === undefined ? key : fields.val;
  const text = elementText(data.length === 0 ? value : [value, ...data], true);
  const element = text === undefined ? undefined : readElement(tokensOf(text), place);
  if (element === undefined || fields === undefined) return element;
  const comment = textOf(fields.comment);
  const timeout = secondsOf(scalarOf(fields.timeout));
  const expires = secondsOf(scalarOf(fields.expires));
  const counter = isObject(fields.counter) ? fields.counter : {};
  const packets = numberOf(counter.packets);
  const bytes = numberOf(counter.bytes);
  return {
    ...element,
    ...(comment === undefined ? {} : { comment }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(expires === undefined ? {} : { expires }),
    ...(packets === undefined ? {} : { packets }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}
