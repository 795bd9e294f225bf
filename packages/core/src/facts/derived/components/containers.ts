import { parseImageReference, type Version } from '../../../versions/index.ts';
import type { Origin } from '../../fact.ts';
import { inObject } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { componentOfContainer } from './images.ts';

/** A container of a known component, as a pod or a workload's template has it. */
export interface ComponentContainer {
  readonly component: string;
  readonly image: string;
  /** Undefined where the tag names no release: a digest, `latest`, no tag. */
  readonly version: Version | undefined;
  /** JSON pointer below the pod spec. */
  readonly pointer: string;
}

interface PodSpec {
  readonly containers?: readonly { readonly name?: string; readonly image?: string }[];
  readonly initContainers?: readonly { readonly name?: string; readonly image?: string }[];
}

const known = new WeakMap<object, readonly ComponentContainer[]>();

/** Known components among the containers of a pod spec. Specs of equal pods share their lists, so this is looked up once. */
export function containersOf(spec: PodSpec | undefined): readonly ComponentContainer[] {
  return [
    ...containersIn(spec?.containers, '/containers'),
    ...containersIn(spec?.initContainers, '/initContainers'),
  ];
}

function containersIn(list: PodSpec['containers'], pointer: string): readonly ComponentContainer[] {
  if (!Array.isArray(list) || list.length === 0) return [];
  let found = known.get(list);
  if (found === undefined) {
    found = list.flatMap((container, index) => {
      if (typeof container?.image !== 'string') return [];
      const reference = parseImageReference(container.image);
      const component = componentOfContainer(container.name ?? '', reference);
      if (component === undefined) return [];
      return [
        {
          component: component.id,
          image: container.image,
          version: reference.version,
          pointer: `${pointer}/${index}/image`,
        },
      ];
    });
    known.set(list, found);
  }
  return found;
}

/** A container of a component together with where it was found. */
export interface FoundContainer extends ComponentContainer {
  readonly origin: Origin;
}

/** Containers of known components in pods, or in the pod templates of workloads. */
export function containersInObjects(list: ObjectList, where: 'pod' | 'template'): readonly FoundContainer[] {
  const found: FoundContainer[] = [];
  for (const stored of list.items) {
    const { spec, pointer } = podSpec(stored, where);
    for (const container of containersOf(spec)) {
      found.push({ ...container, origin: inObject(stored, `${pointer}${container.pointer}`) });
    }
  }
  return found;
}

function podSpec(
  stored: StoredObject,
  where: 'pod' | 'template',
): { spec: PodSpec | undefined; pointer: string } {
  const spec = stored.object.spec as (PodSpec & { template?: { spec?: PodSpec } }) | undefined;
  return where === 'pod'
    ? { spec, pointer: '/spec' }
    : { spec: spec?.template?.spec, pointer: '/spec/template/spec' };
}
