import { parseImageReference } from '../../../versions/index.ts';
import type { Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { componentOfContainer } from '../components/images.ts';

/** A volume of a pod, as far as it can hold a configuration file. */
export interface Volume {
  readonly name?: string;
  readonly configMap?: ConfigMapSource;
  readonly projected?: { readonly sources?: readonly { readonly configMap?: ConfigMapSource }[] };
}

export interface ConfigMapSource {
  readonly name?: string;
  readonly items?: readonly { readonly key?: string; readonly path?: string }[];
}

export interface ContainerSpec {
  readonly name?: string;
  readonly image?: string;
  readonly command?: readonly unknown[];
  readonly args?: readonly unknown[];
  readonly env?: readonly { readonly name?: string; readonly value?: string }[];
  readonly volumeMounts?: readonly {
    readonly name?: string;
    readonly mountPath?: string;
    readonly subPath?: string;
  }[];
}

/** A container of a component with the pod around it. */
export interface ContainerInPod {
  readonly stored: StoredObject;
  readonly container: ContainerSpec;
  /** JSON pointer of the container below its object. */
  readonly pointer: string;
  readonly volumes: readonly Volume[];
}

interface PodSpec {
  readonly containers?: readonly ContainerSpec[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly volumes?: readonly Volume[];
}

/** Containers of a component in pods or in the pod templates of workloads; templates for Windows are left out. */
export function containersOfComponent(
  list: ObjectList | undefined,
  component: string,
  where: 'pod' | 'template',
): readonly ContainerInPod[] {
  const path = where === 'pod' ? '/spec' : '/spec/template/spec';
  return (list?.items ?? []).flatMap((stored) => {
    const spec = specOf(stored, where);
    const containers = Array.isArray(spec?.containers) ? spec.containers : [];
    const own = containers.flatMap((container: ContainerSpec | null, index) =>
      container !== null && componentIn(container) === component
        ? [{ container, pointer: `${path}/containers/${index}` }]
        : [],
    );
    if (own.length === 0 || isForWindows(spec)) return [];
    const volumes = Array.isArray(spec?.volumes) ? spec.volumes : [];
    return own.map((one) => ({ stored, ...one, volumes }));
  });
}

function specOf({ object }: StoredObject, where: 'pod' | 'template'): PodSpec | undefined {
  const spec = object.spec as (PodSpec & { readonly template?: { readonly spec?: PodSpec } }) | undefined;
  return where === 'pod' ? spec : spec?.template?.spec;
}

/** The kube-proxy of a node: its running pod, else what the DaemonSets would start. */
export function kubeProxyContainers(read: Reader): readonly ContainerInPod[] {
  const running = containersOfComponent(read.podsOnNode(), 'kube-proxy', 'pod');
  return running.length > 0
    ? running
    : containersOfComponent(read.objects('daemonsets.apps'), 'kube-proxy', 'template');
}

const components = new WeakMap<ContainerSpec, { readonly id: string | undefined }>();

/** Containers of equal pods are one object, so each is looked at once. */
function componentIn(container: ContainerSpec): string | undefined {
  let component = components.get(container);
  if (component === undefined) {
    const { name, image } = container;
    const id =
      typeof image === 'string' ? componentOfContainer(name ?? '', parseImageReference(image))?.id : name;
    component = { id };
    components.set(container, component);
  }
  return component.id;
}

function isForWindows(spec: PodSpec | undefined): boolean {
  const selector = spec?.nodeSelector;
  return selector?.['kubernetes.io/os'] === 'windows' || selector?.['beta.kubernetes.io/os'] === 'windows';
}
