/** A Kubernetes object as the API server returns it, without the fields no issue and no trace needs. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object and where it stands in the evidence. */
export interface StoredObject {
  readonly object: KubeObject;
  readonly file: string;
  readonly pointer: string;
}

/** All objects of one resource. `complete` is false where a file was cut or damaged: then absence proves nothing. */
export interface ObjectList {
  readonly resource: string;
  readonly items: readonly StoredObject[];
  readonly complete: boolean;
  readonly files: readonly string[];
}

/** Name of an object as findings show it. */
export function objectName(object: KubeObject): string {
  const { name, namespace } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

const DROPPED_METADATA = new Set(['managedFields', 'selfLink', 'generateName']);
const DROPPED_ANNOTATIONS = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/**
 * Drops what nobody reads and shares equal parts between objects: the pods of one Deployment have the same
 * containers, so 150,000 pods keep a few hundred copies instead of 150,000.
 */
export class ObjectSlimmer {
  readonly #shared = new Map<string, unknown>();

  slim(object: KubeObject): KubeObject {
    const metadata: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(object.metadata)) {
      if (DROPPED_METADATA.has(field)) continue;
      metadata[field] =
        field === 'annotations' ? this.#share(withoutDropped(value)) : this.#shareBranch(value);
    }
    const slimmed: Record<string, unknown> = { ...object, metadata };
    if (isRecord(object.spec)) slimmed.spec = this.#shareFields(object.spec);
    if (isRecord(object.status)) slimmed.status = this.#shareFields(object.status);
    return slimmed as unknown as KubeObject;
  }

  #shareFields(branch: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(branch)) result[field] = this.#shareBranch(value);
    return result;
  }

  #shareBranch(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? this.#share(value) : value;
  }

  #share(value: unknown): unknown {
    const key = JSON.stringify(value);
    if (key === undefined) return value;
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    this.#shared.set(key, value);
    return value;
  }
}

function withoutDropped(annotations: unknown): unknown {
  if (!isRecord(annotations)) return annotations;
  const kept = Object.entries(annotations).filter(([name]) => !DROPPED_ANNOTATIONS.has(name));
  return Object.fromEntries(kept);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
