import type { Origin } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { inObject, type Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { containersOf } from '../components/containers.ts';

/** A variable of a container; no value where it comes from somewhere that was not collected. */
export interface Variable {
  readonly value: string | undefined;
  readonly origin: Origin;
}

/** The environment of a container as its object declares it. */
export interface ContainerEnvironment {
  /** By the name in upper case, as Felix looks its variables up. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly origin: Origin;
}

interface Declared {
  readonly name?: unknown;
  readonly value?: unknown;
  readonly valueFrom?: { readonly configMapKeyRef?: { readonly name?: string; readonly key?: string } };
}

/**
 * Environment of a component's container: of its pod on this node, else of the workload that makes such pods.
 * Undefined where neither was collected.
 */
export function containerEnvironment(
  read: Reader,
  component: string,
  workloads: string,
): ContainerEnvironment | undefined {
  return inList(read, read.podsOnNode(), component, '') ?? workloadEnvironment(read, component, workloads);
}

/** The same for a component that does not belong to one node: of its workload, else of any of its pods. */
export function workloadEnvironment(
  read: Reader,
  component: string,
  workloads: string,
): ContainerEnvironment | undefined {
  return (
    inList(read, read.objects(workloads), component, '/template') ??
    inList(read, read.objects('pods'), component, '')
  );
}

function inList(
  read: Reader,
  list: ObjectList | undefined,
  component: string,
  template: string,
): ContainerEnvironment | undefined {
  for (const stored of list?.items ?? []) {
    const spec = specAt(stored, template);
    const found = containersOf(spec).find(
      (container) => container.component === component && container.pointer.startsWith('/containers/'),
    );
    if (found === undefined) continue;
    const pointer = `/spec${template === '' ? '' : '/template/spec'}${found.pointer.replace(/\/image$/, '')}`;
    const index = Number(found.pointer.split('/')[2]);
    return environmentOf(read, stored, spec?.containers?.[index], pointer);
  }
  return undefined;
}

interface Spec {
  readonly containers?: readonly {
    readonly name?: string;
    readonly image?: string;
    readonly env?: readonly Declared[];
  }[];
}

function specAt({ object }: StoredObject, template: string): Spec | undefined {
  const spec = object.spec as (Spec & { template?: { spec?: Spec } }) | undefined;
  return template === '' ? spec : spec?.template?.spec;
}

function environmentOf(
  read: Reader,
  stored: StoredObject,
  container: { readonly env?: readonly Declared[] } | undefined,
  pointer: string,
): ContainerEnvironment {
  const variables = new Map<string, Variable>();
  for (const [index, declared] of (Array.isArray(container?.env) ? container.env : []).entries()) {
    if (typeof declared?.name !== 'string') continue;
    const origin = inObject(stored, `${pointer}/env/${index}`);
    variables.set(declared.name.toUpperCase(), variableOf(read, stored, declared, origin));
  }
  return { variables, origin: inObject(stored, `${pointer}/env`) };
}

function variableOf(read: Reader, stored: StoredObject, declared: Declared, origin: Origin): Variable {
  if (declared.valueFrom === undefined) {
    return { value: typeof declared.value === 'string' ? declared.value : '', origin };
  }
  const { name, key } = declared.valueFrom.configMapKeyRef ?? {};
  const { namespace } = stored.object.metadata;
  const map = read
    .objects('configmaps')
    ?.items.find(({ object }) => object.metadata.name === name && object.metadata.namespace === namespace);
  const [found] = map === undefined || key === undefined ? [] : valuesAt(map.object.data, `["${key}"]`);
  if (map === undefined || typeof found?.value !== 'string') return { value: undefined, origin };
  return { value: found.value, origin: inObject(map, `/data${found.pointer}`) };
}
