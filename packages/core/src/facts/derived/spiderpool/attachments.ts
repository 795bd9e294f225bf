import type { StoredObject } from '../../snapshot/object-store.ts';
import { type Fields, fieldOf, fieldsOf } from './objects.ts';

/** Plugins of a NetworkAttachmentDefinition, whose `spec.config` is JSON in a text; undefined where it is none. */
export function attachmentPlugins({ object }: StoredObject): readonly Fields[] | undefined {
  const config = fieldOf(object, 'spec.config');
  if (typeof config !== 'string') return undefined;
  try {
    const parsed = fieldsOf(JSON.parse(config) as unknown);
    return Array.isArray(parsed.plugins) ? parsed.plugins.map(fieldsOf) : [parsed];
  } catch {
    return undefined;
  }
}
