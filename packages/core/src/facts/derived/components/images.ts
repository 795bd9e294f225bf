import type { ImageReference } from '../../../versions/index.ts';

/** A program that netvet knows by the image or the name of its container. Versions are per image. */
export interface ComponentImage {
  /** Name used in catalogue entries, for example `calico-node`. */
  readonly id: string;
  /** First part of the ids of its issues. */
  readonly product: string;
  /** `node`: one pod per node, so nodes can differ; `cluster`: a few pods for all. */
  readonly level: 'node' | 'cluster';
  /** Usual name of the container. */
  readonly container: string;
  /** Recognises the image whatever registry it was copied to. */
  readonly image: RegExp;
}

/** Order matters where an image serves several containers: the container's own name decides first. */
export const COMPONENT_IMAGES: readonly ComponentImage[] = [
  image(
    'kube-proxy',
    'kube-proxy',
    'node',
    'kube-proxy',
    /(^|\/)kube-proxy(-(amd64|arm64|arm|ppc64le|s390x))?$/,
  ),
  image('calico-node', 'calico', 'node', 'calico-node', /(^|\/)(calico\/node|calico-node)$/),
  image('calico-cni', 'calico', 'node', 'install-cni', /(^|\/)(calico\/cni|calico-cni)$/),
  image('calico-typha', 'calico', 'cluster', 'calico-typha', /(^|\/)(calico\/typha|calico-typha)$/),
  image(
    'calico-kube-controllers',
    'calico',
    'cluster',
    'calico-kube-controllers',
    /(^|\/)(calico\/kube-controllers|calico-kube-controllers)$/,
  ),
  image('antrea-agent', 'antrea', 'node', 'antrea-agent', /(^|\/)antrea(-agent)?(-(ubuntu|ubi|debian))?$/),
  image(
    'antrea-controller',
    'antrea',
    'cluster',
    'antrea-controller',
    /(^|\/)antrea-controller(-(ubuntu|ubi|debian))?$/,
  ),
  image('spiderpool-agent', 'spiderpool', 'node', 'spiderpool-agent', /(^|\/)spiderpool-agent$/),
  image(
    'spiderpool-controller',
    'spiderpool',
    'cluster',
    'spiderpool-controller',
    /(^|\/)spiderpool-controller$/,
  ),
  image('multus', 'multus', 'node', 'kube-multus', /(^|\/)(hardened-)?multus(-cni|-thick)?$/),
  image('whereabouts', 'whereabouts', 'node', 'whereabouts', /(^|\/)(hardened-)?whereabouts(-cni)?$/),
  image('cilium-agent', 'cilium', 'node', 'cilium-agent', /(^|\/)cilium\/cilium(-ci)?$/),
  image('flannel', 'flannel', 'node', 'kube-flannel', /(^|\/)flannel$/),
  image('coredns', 'coredns', 'cluster', 'coredns', /(^|\/)coredns$/),
  image('node-local-dns', 'coredns', 'node', 'node-cache', /(^|\/)k8s-dns-node-cache(-(amd64|arm64))?$/),
  image(
    'kube-controller-manager',
    'kubernetes',
    'cluster',
    'kube-controller-manager',
    /(^|\/)kube-controller-manager$/,
  ),
  image('kube-apiserver', 'kubernetes', 'cluster', 'kube-apiserver', /(^|\/)kube-apiserver$/),
];

function image(
  id: string,
  product: string,
  level: 'node' | 'cluster',
  container: string,
  pattern: RegExp,
): ComponentImage {
  return { id, product, level, container, image: pattern };
}

/** Up to Antrea 1.14 one image served the agent, the controller and everything else. */
const ANTREA_COMMON = /(^|\/)antrea(-(ubuntu|ubi|debian))?$/;

/** So many network plugins call their installer `install-cni` that the name says nothing about the product. */
const COMMON_NAMES = new Set(['install-cni']);

/** Containers that are named like a component but run another one's image: the image wins. */
export function componentOfContainer(name: string, reference: ImageReference): ComponentImage | undefined {
  const byName = COMMON_NAMES.has(name)
    ? undefined
    : COMPONENT_IMAGES.find((component) => component.container === name);
  if (byName?.product === 'antrea' && ANTREA_COMMON.test(reference.repository)) return byName;
  return COMPONENT_IMAGES.find((component) => component.image.test(reference.repository)) ?? byName;
}
