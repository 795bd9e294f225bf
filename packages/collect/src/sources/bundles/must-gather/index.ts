/*
 * OpenShift `oc adm must-gather` and `oc adm inspect`: YAML in cluster-scoped-resources/<group>/<resource>/<name>.yaml,
 * namespaces/<namespace>/<group>/<resource>.yaml (a list) or …/<resource>/<name>.yaml, and
 * namespaces/<namespace>/pods/<pod>/<container>/<container>/logs/{current,previous}.log. A must-gather has a folder for each image it ran.
 * Sources: openshift/oc, pkg/cli/admin/inspect/{resource,namespace,pod,util}.go; openshift/must-gather, collection-scripts/
 */
import type { Layout, LayoutKind, Placement } from '../../layout/layout.ts';
import { yamlToJson } from '../../objects/yaml-to-json.ts';
import { below } from '../roots.ts';

const PARTIAL =
  'must-gather reads chosen namespaces and objects only; what it does not list may still exist in the cluster';

/** The folder of an image is called after the image with its digest. */
const IMAGE_FOLDER = /-sha256-[0-9a-f]{16,}\/$/;

/** Output of `oc adm must-gather` or `oc adm inspect`. */
export const mustGather: LayoutKind = {
  id: 'must-gather',
  title: 'OpenShift must-gather',
  recognise: (path) => {
    const match =
      /^((?:[^/]+\/){0,2})(?:cluster-scoped-resources\/[^/]+\/.+|namespaces\/[^/]+\/.+)\.yaml$/.exec(path);
    return match === null ? undefined : (match[1] ?? '').replace(/(^|\/)([^/]+\/)$/, outsideImage);
  },
  open: (root) => new MustGather(root),
};

function outsideImage(match: string, before: string, folder: string): string {
  return IMAGE_FOLDER.test(folder) ? before : match;
}

class MustGather implements Layout {
  readonly #root: string;
  /** Where each object, or list, was found first: images overlap. */
  readonly #first = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  place(path: string): Placement | undefined {
    const inside = below(this.#root, path);
    if (inside === undefined) return undefined;
    const parts = inside.split('/');
    const start = parts.findIndex((part) => part === 'cluster-scoped-resources' || part === 'namespaces');
    // Below the root there is at most the folder of an image.
    if (start < 0 || start > 1) return undefined;
    const rest = parts.slice(start + 1);
    const placement =
      parts[start] === 'namespaces' ? inNamespace(rest[0] ?? '', rest.slice(1), path) : objectOf(rest, path);
    if (placement === undefined) return undefined;
    const key = parts.slice(start).join('/');
    const first = this.#first.get(key);
    if (first !== undefined && first !== path) return undefined;
    this.#first.set(key, path);
    return placement;
  }
}

function inNamespace(namespace: string, parts: readonly string[], shownAs: string): Placement | undefined {
  const [first, pod, container, again, folder, file] = parts;
  // Pods stand in core/pods.yaml as well; here only their logs are taken.
  if (first !== 'pods') return objectOf(parts, shownAs);
  if (parts.length !== 6 || again !== container || folder !== 'logs') return undefined;
  const suffix = { 'current.log': '', 'previous.log': '.previous' }[file ?? ''];
  return suffix === undefined
    ? undefined
    : { path: `logs/${namespace}_${pod}_${container}${suffix}.log`, shownAs };
}

function objectOf([group, ...rest]: readonly string[], shownAs: string): Placement | undefined {
  const [resource] = rest;
  if (group === undefined || resource === undefined || rest.length > 2) return undefined;
  if (rest.at(-1)?.endsWith('.yaml') !== true) return undefined;
  const plural = rest.length === 1 ? resource.slice(0, -'.yaml'.length) : resource;
  // Secrets hold nothing that is needed.
  if (plural === 'secrets') return undefined;
  const name = group === 'core' ? plural : `${plural}.${group}`;
  return { path: `cluster/${name}.json`, shownAs, convert: yamlToJson, partial: PARTIAL };
}
