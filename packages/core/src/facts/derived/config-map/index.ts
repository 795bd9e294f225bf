import { parseYamlDocuments } from '../../../parsers/yaml/index.ts';
import type { Origin } from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';

/** A YAML document kept in a ConfigMap, and where it is. */
export interface ConfigDocument {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Why there is no document: the ConfigMaps were not collected whole, there is no such map or key, or it is no YAML. */
export type ConfigRead =
  | { readonly state: 'read'; readonly document: ConfigDocument }
  | { readonly state: 'not-collected' | 'absent' | 'damaged' };

const parsed = new WeakMap<object, Map<string, ConfigRead>>();

/** Reads a key of a ConfigMap as YAML (or JSON, which is YAML). */
export function readConfigMap(read: Reader, namespace: string, name: string, key: string): ConfigRead {
  const list = read.objects('configmaps');
  const stored = list?.items.find(
    ({ object }) => object.metadata.name === name && (object.metadata.namespace ?? 'default') === namespace,
  );
  if (stored === undefined) return { state: list?.complete === true ? 'absent' : 'not-collected' };
  return readKey(stored, key);
}

/** Reads a key of a ConfigMap that was found already. */
export function readKey(stored: StoredObject, key: string): ConfigRead {
  let byKey = parsed.get(stored.object);
  if (byKey === undefined) {
    byKey = new Map();
    parsed.set(stored.object, byKey);
  }
  let result = byKey.get(key);
  if (result === undefined) {
    result = parseKey(stored, key);
    byKey.set(key, result);
  }
  return result;
}

function parseKey(stored: StoredObject, key: string): ConfigRead {
  const text = (stored.object.data as Readonly<Record<string, unknown>> | undefined)?.[key];
  if (typeof text !== 'string') return { state: 'absent' };
  const { value, problems } = parseYamlDocuments(text);
  const [first] = value;
  if (problems.length > 0 || first === undefined) return { state: 'damaged' };
  const origin = inObject(stored, `/data/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return { state: 'read', document: { value: first.value, origin } };
}
