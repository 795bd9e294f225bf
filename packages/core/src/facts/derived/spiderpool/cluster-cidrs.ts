import { type Fact, type FactDefinition, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { readConfigMap } from '../config-map/index.ts';
import { byName, fieldOf, fieldsOf, labelsOf, textOf } from './objects.ts';

/** What ConfigMap `kube-system/kubeadm-config` has to say about the CIDRs of the cluster. */
export type KubeadmConfig = 'absent' | 'without-cluster-configuration' | 'without-subnets' | 'complete';

/**
 * Whether SpiderCoordinator could read the CIDRs from kubeadm's ConfigMap: it needs the key `ClusterConfiguration`
 * with `networking.podSubnet` and `networking.serviceSubnet`.
 */
export const kubeadmConfig: FactDefinition<KubeadmConfig> = {
  id: 'spiderpool.kubeadm-config',
  title: 'ConfigMap kube-system/kubeadm-config',
  level: 'cluster',
  fromText: (text) => KUBEADM_CONFIGS.find((one) => one === text),
  compute(read): Fact<KubeadmConfig> {
    const map = byName(read.objects('configmaps')).get('kube-system/kubeadm-config');
    if (map === undefined) {
      const list = read.objects('configmaps');
      if (list?.complete !== true) return unknown(missingObjects('configmaps'));
      return known('absent', ...list.files.map((file) => ({ file })));
    }
    const content = readConfigMap(read, 'kube-system', 'kubeadm-config', 'ClusterConfiguration');
    if (content.state === 'damaged') return unknown(missingObjects('configmaps'));
    if (content.state !== 'read') return known('without-cluster-configuration', inObject(map));
    const { value, origin } = content.document;
    const hasBoth =
      textOf(fieldOf(value, 'networking.podSubnet')) !== undefined &&
      textOf(fieldOf(value, 'networking.serviceSubnet')) !== undefined;
    return known(hasBoth ? 'complete' : 'without-subnets', origin);
  },
};

const KUBEADM_CONFIGS: readonly KubeadmConfig[] = [
  'absent',
  'without-cluster-configuration',
  'without-subnets',
  'complete',
];

/** Keys of kubeadm's ConfigMap besides `ClusterConfiguration`, such as the `ClusterStatus` of Kubernetes 1.21 and older. */
export const kubeadmExtraKeys: FactDefinition<readonly string[]> = {
  id: 'spiderpool.kubeadm-config-extra-keys',
  title: 'further keys of ConfigMap kube-system/kubeadm-config',
  level: 'cluster',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const list = read.objects('configmaps');
    const map = byName(list).get('kube-system/kubeadm-config');
    if (map === undefined) {
      return list?.complete === true
        ? known([], ...list.files.map((file) => ({ file })))
        : unknown(missingObjects('configmaps'));
    }
    const keys = Object.keys(fieldsOf(map.object.data)).filter((key) => key !== 'ClusterConfiguration');
    return known(keys, inObject(map, '/data'));
  },
};

/** Where the pod of kube-controller-manager has `--service-cluster-ip-range`. */
export type FlagPlace = 'no-pod' | 'command' | 'args' | 'neither';

const FLAG_PLACES: readonly FlagPlace[] = ['no-pod', 'command', 'args', 'neither'];
const FLAG = '--service-cluster-ip-range';

/**
 * Place of the service range in the first container of the pods labelled `component=kube-controller-manager`, the way
 * Spiderpool looks for it: static pods of kubeadm have it in `command`, those of RKE2 in `args`.
 */
export const controllerManagerFlags: FactDefinition<FlagPlace> = {
  id: 'spiderpool.kcm-flags',
  title: 'place of --service-cluster-ip-range in the kube-controller-manager pod',
  level: 'cluster',
  fromText: (text) => FLAG_PLACES.find((one) => one === text),
  compute(read): Fact<FlagPlace> {
    const pods = controllerManagers(read);
    const [first] = pods;
    if (first === undefined) {
      const list = read.objects('pods');
      if (list?.complete !== true) return unknown(missingObjects('pods'));
      return known('no-pod', ...list.files.map((file) => ({ file })));
    }
    const places = pods.map(placeOf);
    const [place = { value: 'neither', origin: inObject(first) }] = places;
    if (places.every(({ value }) => value === place.value)) return known(place.value, place.origin);
    // Spiderpool takes the first pod of the list, in an order that nobody fixes.
    return knownUncertain(place.value, 'the control plane nodes start it in different ways', place.origin);
  },
};

/** Pods of kube-controller-manager, in the order of their names. */
function controllerManagers(read: Reader): readonly StoredObject[] {
  return [...byName(read.objects('pods'))]
    .filter(([, pod]) => labelsOf(pod).component === 'kube-controller-manager')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, pod]) => pod);
}

function placeOf(pod: StoredObject): { value: FlagPlace; origin: Origin } {
  for (const place of ['command', 'args'] as const) {
    const found = flagIn(pod, FLAG, place);
    if (found !== undefined) return { value: place, origin: found.origin };
  }
  return { value: 'neither', origin: inObject(pod, '/spec/containers/0') };
}

/** A flag of the first container of a pod, written `--flag=value` in one word. */
function flagIn(
  pod: StoredObject,
  flag: string,
  place: 'command' | 'args',
): { readonly values: readonly string[]; readonly origin: Origin } | undefined {
  for (const { value, pointer } of valuesAt(pod.object, `spec.containers.0.${place}[]`)) {
    if (typeof value !== 'string' || !value.includes(`${flag}=`)) continue;
    const text = value.slice(value.indexOf(`${flag}=`) + flag.length + 1).split(/\s/)[0] ?? '';
    return { values: text.split(',').filter((one) => one !== ''), origin: inObject(pod, pointer) };
  }
  return undefined;
}

/** CIDRs and where they are written. */
export interface FoundCidrs {
  readonly values: readonly string[];
  readonly origin: Origin;
}

/** The CIDRs that the cluster itself names, from kubeadm's ConfigMap or kube-controller-manager. */
export function clusterCidrs(read: Reader, kind: 'pod' | 'service'): readonly FoundCidrs[] {
  const found: FoundCidrs[] = [];
  const content = readConfigMap(read, 'kube-system', 'kubeadm-config', 'ClusterConfiguration');
  if (content.state === 'read') {
    const { value, origin } = content.document;
    const text = textOf(fieldOf(value, `networking.${kind}Subnet`));
    if (text !== undefined) found.push({ values: text.split(','), origin });
  }
  const flag = kind === 'pod' ? '--cluster-cidr' : FLAG;
  for (const pod of controllerManagers(read)) {
    const range = flagIn(pod, flag, 'command') ?? flagIn(pod, flag, 'args');
    if (range !== undefined) found.push(range);
  }
  return found;
}
