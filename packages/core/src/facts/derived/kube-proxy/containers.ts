import { parseImageReference } from '../../../versions/index.ts';
import { valuesAt } from '../../field-path.ts';
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
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly volumes?: readonly Volume[];
}

/** Containers of a component in pods or in the pod templates of workloads; templates for Windows are left out. */
export function containersOfComponent(
  list: ObjectList | undefined,
  component: string,
  where: 'pod' | 'template',
): readonly ContainerInPod[] {
  const path = where === 'pod' ? 'spec' : 'spec.template.spec';
  return (list?.items ?? []).flatMap((stored) => {
    const [spec] = valuesAt(stored.object, path);
    if (spec === undefined || isForWindows(spec.value as PodSpec | null)) return [];
    return valuesAt(spec.value, 'containers[]').flatMap(({ value, pointer }) => {
      const container = (value ?? {}) as ContainerSpec;
      if (componentIn(container) !== component) return [];
      const volumes = (spec.value as PodSpec).volumes;
      return [
        {
          stored,
          container,
          pointer: `${spec.pointer}${pointer}`,
          volumes: Array.isArray(volumes) ? volumes : [],
        },
      ];
    });
  });
}

/** The kube-proxy of a node: its running pod, else what the DaemonSets would start. */
export function kubeProxyContainers(read: Reader): readonly ContainerInPod[] {
  const running = containersOfComponent(read.podsOnNode(), 'kube-proxy', 'pod');
  return running.length > 0
    ? running
    : containersOfComponent(read.objects('daemonsets.apps'), 'kube-proxy', 'template');
}

function componentIn({ name, image }: ContainerSpec): string | undefined {
  if (typeof image !== 'string') return name;
  return componentOfContainer(name ?? '', parseImageReference(image))?.id;
}

function isForWindows(spec: PodSpec | null): boolean {
  const selector = spec?.nodeSelector;
  return selector?.['kubernetes.io/os'] === 'windows' || selector?.['beta.kubernetes.io/os'] === 'windows';
}
