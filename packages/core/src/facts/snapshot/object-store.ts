import { slimPodSpec, slimPodStatus } from './slim-pod.ts';

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

const DROPPED_METADATA = new Set(['managedFields', 'selfLink', 'generateName', 'resourceVersion']);
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Parts of objects that are mostly the same for all objects of one owner. */
const SHARED_BRANCHES = ['spec', 'metadata'] as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Drops what nobody reads and shares equal parts between the objects of one owner: the pods of one Deployment have
 * the same containers, so 150,000 pods keep a few hundred copies instead of 150,000.
 */
export class ObjectSlimmer {
  /** The latest value of each field, by owner and field. */
  readonly #latest = new Map<string, Map<string, unknown>>();

  slim(object: KubeObject): KubeObject {
    const metadata = slimMetadata(object.metadata);
    const slimmed: Record<string, unknown> = { ...object, metadata };
    if (object.kind === 'Pod') {
      if (isRecord(object.spec)) slimmed.spec = slimPodSpec(object.spec);
      if (isRecord(object.status)) slimmed.status = slimPodStatus(object.status);
    }
    const owner = ownerOf(metadata);
    if (owner !== undefined) for (const branch of SHARED_BRANCHES) this.#share(owner, branch, slimmed);
    return slimmed as unknown as KubeObject;
  }

  #share(owner: string, branch: string, object: Record<string, unknown>): void {
    const fields = object[branch];
    if (!isRecord(fields)) return;
    const key = `${owner}/${branch}`;
    let latest = this.#latest.get(key);
    if (latest === undefined) {
      latest = new Map();
      this.#latest.set(key, latest);
    }
    const shared: Record<string, unknown> = {};
    for (const field in fields) {
      const value = fields[field];
      if (typeof value === 'object' && value !== null) {
        const before = latest.get(field);
        if (before === undefined || !deepEqual(before, value)) latest.set(field, value);
        shared[field] = latest.get(field);
      } else shared[field] = value;
    }
    object[branch] = shared;
  }
}

function slimMetadata(metadata: KubeObject['metadata']): Fields {
  const kept: Record<string, unknown> = {};
  for (const field in metadata) if (!DROPPED_METADATA.has(field)) kept[field] = metadata[field];
  const { annotations } = metadata;
  if (isRecord(annotations) && annotations[LAST_APPLIED] !== undefined) {
    const { [LAST_APPLIED]: _, ...others } = annotations;
    kept.annotations = others;
  }
  return kept;
}

function ownerOf(metadata: Fields): string | undefined {
  const [owner] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const uid = (owner as { uid?: unknown } | undefined)?.uid;
  return typeof uid === 'string' ? uid : undefined;
}

/** Equality of JSON values. Plain loops: this runs for every field of 150,000 pods. */
function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) {
      if (!deepEqual(left[index], right[index])) return false;
    }
    return true;
  }
  if (Array.isArray(right)) return false;
  let count = 0;
  for (const name in left) {
    if (!deepEqual((left as Fields)[name], (right as Fields)[name])) return false;
    count++;
  }
  for (const _ in right) count--;
  return count === 0;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
