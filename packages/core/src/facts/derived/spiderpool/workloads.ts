import { parseImageReference } from '../../../versions/index.ts';
import type { Origin } from '../../fact.ts';
import { type FoundValue, valuesAt } from '../../field-path.ts';
import { inObject, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { componentOfContainer } from '../components/images.ts';
import { byName, type Fields, fieldsOf, textOf } from './objects.ts';

/** Programs of Spiderpool. `init` is the one-off that makes the first objects; its image is the controller's. */
export type Program = 'agent' | 'controller' | 'init';

/** A container of Spiderpool in a workload or a pod. */
export interface ProgramContainer {
  readonly container: Fields;
  readonly stored: StoredObject;
  /** Pod spec the container is part of. */
  readonly podSpec: Fields;
  /** JSON pointer of the container below the object. */
  readonly pointer: string;
}

const TEMPLATES = ['daemonsets.apps', 'deployments.apps', 'statefulsets.apps', 'jobs.batch'] as const;

/** Containers of a program: as workloads declare them, else as pods run them. */
export function containersOfProgram(read: Reader, program: Program): readonly ProgramContainer[] {
  const declared = TEMPLATES.flatMap((resource) => inResource(read, resource, 'spec.template.spec', program));
  return declared.length > 0 ? declared : inResource(read, 'pods', 'spec', program);
}

/** Pods that run a program. */
export function podsOfProgram(read: Reader, program: Program): readonly StoredObject[] {
  return inResource(read, 'pods', 'spec', program).map(({ stored }) => stored);
}

function inResource(read: Reader, resource: string, path: string, program: Program): ProgramContainer[] {
  return [...byName(read.objects(resource)).values()].flatMap((stored) => programIn(stored, path, program));
}

/** Containers of a program in one object, whose pod spec stands at `path`. */
export function programIn(stored: StoredObject, path: string, program: Program): ProgramContainer[] {
  return valuesAt(stored.object, `${path}.containers[]`).flatMap(({ value, pointer }: FoundValue) => {
    const container = fieldsOf(value);
    if (programOf(container) !== program) return [];
    return [{ container, stored, podSpec: fieldsOf(valuesAt(stored.object, path)[0]?.value), pointer }];
  });
}

function programOf(container: Fields): Program | undefined {
  const image = textOf(container.image);
  const name = textOf(container.name) ?? '';
  // Most containers of a large cluster are something else; this is cheaper than taking their images apart.
  if (!name.includes('spiderpool') && image?.includes('spiderpool') !== true) return undefined;
  const component = componentOfContainer(name, parseImageReference(image ?? ''))?.id;
  const command = Array.isArray(container.command) ? container.command.join(' ') : '';
  if (name === 'spiderpool-init' || /(^|\/)spiderpool-init(\s|$)/.test(command)) return 'init';
  if (component === 'spiderpool-agent') return 'agent';
  return component === 'spiderpool-controller' ? 'controller' : undefined;
}

/** A literal environment variable of a container, and where it stands. */
export function environmentOf(
  { container, stored, pointer }: ProgramContainer,
  name: string,
): { readonly value: string; readonly origin: Origin } | undefined {
  const found = valuesAt(container, 'env[]').find(({ value }) => fieldsOf(value).name === name);
  const value = fieldsOf(found?.value).value;
  if (found === undefined || typeof value !== 'string') return undefined;
  return { value, origin: inObject(stored, `${pointer}${found.pointer}`) };
}

/** Namespace that Spiderpool is installed in, told by its workloads or pods. */
export function spiderpoolNamespace(read: Reader): { value: string; origin: Origin } | undefined {
  for (const program of ['controller', 'agent', 'init'] as const) {
    const [first] = containersOfProgram(read, program);
    const namespace = first?.stored.object.metadata.namespace;
    if (first !== undefined && namespace !== undefined) {
      return { value: namespace, origin: inObject(first.stored, '/metadata/namespace') };
    }
  }
  return undefined;
}
