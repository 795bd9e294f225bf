/*
 * `kubectl cluster-info dump --output-directory=DIR`: nodes.json, and for each namespace a folder with events, services,
 * daemonsets, … and <pod>/logs.txt; YAML with `-o yaml`.
 * Source: kubernetes/kubernetes, staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go
 */

import type { Layout, LayoutKind, Placement } from '../../layout/layout.ts';
import { yamlToJson } from '../../objects/yaml-to-json.ts';
import { below } from '../roots.ts';
import { sectionsOf } from '../sections.ts';

const RESOURCES: Readonly<Record<string, string>> = {
  events: 'events',
  services: 'services',
  daemonsets: 'daemonsets.apps',
  deployments: 'deployments.apps',
  replicasets: 'replicasets.apps',
  pods: 'pods',
};

/** Without `--all-namespaces` only kube-system and the current namespace are dumped, and the dump does not say. */
const PARTIAL =
  'kubectl cluster-info dump does not say whether it holds all namespaces; what it does not list may still exist';

/** The output directory of `kubectl cluster-info dump`. */
export const clusterInfoDump: LayoutKind = {
  id: 'cluster-info-dump',
  title: 'kubectl cluster-info dump',
  // Nothing else writes this name with a hyphen.
  recognise: (path) =>
    /^([^/]+\/)?[^/]+\/replication-controllers\.(json|yaml)$/
      .exec(path)
      ?.slice(1, 2)
      .map((root) => root ?? '')[0],
  open: (root) => new Dump(root),
};

class Dump implements Layout {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  place(path: string): Placement | undefined {
    const inside = below(this.#root, path);
    if (inside === undefined) return undefined;
    const nodes = /^nodes\.(json|yaml)$/.exec(inside);
    if (nodes !== null) return objects('nodes', path, nodes[1]);
    const list = /^[^/]+\/([a-z]+)\.(json|yaml)$/.exec(inside);
    const resource = RESOURCES[list?.[1] ?? ''];
    if (resource !== undefined) return { ...objects(resource, path, list?.[2]), partial: PARTIAL };
    const logs = /^([^/]+)\/([^/]+)\/logs\.txt$/.exec(inside);
    return logs === null ? undefined : logsOf(logs[1] ?? '', logs[2] ?? '');
  }
}

function objects(resource: string, shownAs: string, format: string | undefined): Placement {
  const placement = { path: `cluster/${resource}.json`, shownAs };
  return format === 'yaml' ? { ...placement, convert: yamlToJson } : placement;
}

/** All containers of a pod stand in one file, each between two lines that name it. */
function logsOf(namespace: string, pod: string): Placement {
  const pathOf = (container: string): string => `logs/${namespace}_${pod}_${container}.log`;
  return {
    path: pathOf('container'),
    split: (entry) =>
      sectionsOf(entry, (line) => {
        const start = /^==== START logs for container (\S+) of pod \S+ ====$/.exec(line);
        if (start !== null) return pathOf(start[1] ?? '');
        return /^==== END logs for container /.test(line) ? undefined : 'same';
      }),
  };
}
