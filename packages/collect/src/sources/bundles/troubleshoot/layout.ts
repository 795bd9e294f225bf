import type { SnapshotFile } from '@netvet/core';
import type { ArchiveEntry } from '../../archive-entry.ts';
import type { Content, Layout, Placement } from '../../layout/layout.ts';
import { yamlToJson } from '../../objects/yaml-to-json.ts';
import { below } from '../roots.ts';
import { changedText } from '../whole-text.ts';
import { NamespaceNames } from './namespace-names.ts';

/** Folders with a file for each namespace. */
const NAMESPACED: Readonly<Record<string, string>> = {
  pods: 'pods',
  services: 'services',
  configmaps: 'configmaps',
  events: 'events',
  deployments: 'deployments.apps',
  daemonsets: 'daemonsets.apps',
  statefulsets: 'statefulsets.apps',
  replicasets: 'replicasets.apps',
  jobs: 'jobs.batch',
  cronjobs: 'cronjobs.batch',
  ingress: 'ingresses.networking.k8s.io',
  'network-policy': 'networkpolicies.networking.k8s.io',
};

/** Reads a bundle and checks in the end whether it holds all namespaces. */
export class TroubleshootLayout implements Layout {
  readonly #root: string;
  readonly #all = new NamespaceNames();
  /** Namespaces with a file, by the folder of a resource. */
  readonly #found = new Map<string, Set<string>>();
  readonly #customResources = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  place(path: string): Placement | undefined {
    const inside = below(this.#root, path);
    if (inside === undefined) return undefined;
    if (inside === 'cluster-info/cluster_version.json') {
      return { path: 'cluster/version.json', shownAs: path, convert: versionOf };
    }
    const parts = inside.split('/');
    if (parts[0] !== 'cluster-resources') return undefined;
    const [, first = '', second, third, fourth, fifth] = parts;
    if (first === 'nodes.json') return { path: 'cluster/nodes.json', shownAs: path };
    if (first === 'namespaces.json') {
      return { path: 'cluster/namespaces.json', shownAs: path, convert: (entry) => this.#all.watch(entry) };
    }
    if (first === 'custom-resources') return this.#customResource(parts.slice(2), path);
    if (first === 'pods' && second === 'logs' && parts.length === 6) return logOf(third, fourth, fifth, path);
    return parts.length === 3 ? this.#namespaced(first, second ?? '', path) : undefined;
  }

  #namespaced(folder: string, file: string, shownAs: string): Placement | undefined {
    const resource = Object.hasOwn(NAMESPACED, folder) ? NAMESPACED[folder] : undefined;
    if (resource === undefined || !file.endsWith('.json')) return undefined;
    const namespaces = this.#found.get(folder) ?? new Set();
    namespaces.add(file.slice(0, -'.json'.length));
    this.#found.set(folder, namespaces);
    return { path: `cluster/${resource}.json`, shownAs };
  }

  /** `<plural>.<group>.yaml`, or `<plural>.<group>/<namespace>.yaml`; newer releases write the same as JSON too. */
  #customResource(parts: readonly string[], shownAs: string): Placement | undefined {
    const [first = '', second] = parts;
    const match = /^(.+)\.(yaml|json)$/.exec(second ?? first);
    if (match === null || parts.length > 2 || first.endsWith('-errors.json')) return undefined;
    const resource = second === undefined ? (match[1] ?? '') : first;
    const stem = shownAs.slice(0, -(match[2]?.length ?? 0));
    const known = this.#customResources.get(stem);
    if (known !== undefined && known !== shownAs) return undefined;
    this.#customResources.set(stem, shownAs);
    if (second !== undefined && !this.#found.has(resource)) this.#found.set(resource, new Set());
    const placement = { path: `cluster/${resource}.json`, shownAs };
    return match[2] === 'yaml' ? { ...placement, convert: yamlToJson } : placement;
  }

  /** Lists that lack a namespace, said once for each. */
  rest(): readonly SnapshotFile[] {
    const lists: SnapshotFile[] = [];
    const namespaces = this.#all.names();
    const readable = this.#found.get('pods');
    for (const [folder, found] of this.#found) {
      const isCustom = !Object.hasOwn(NAMESPACED, folder);
      // Namespaces without custom objects have no file, so those with pods tell which ones were read.
      const lacking = namespaces?.filter((name) => !(isCustom ? readable : found)?.has(name));
      if (lacking?.length === 0) continue;
      const shownAs = `${this.#root}cluster-resources/${isCustom ? 'custom-resources/' : ''}${folder}`;
      const path = `cluster/${NAMESPACED[folder] ?? folder}.json`;
      lists.push({ path, shownAs, chunks: [Buffer.from('{"items":[]}')], partial: partialOf(lacking) });
    }
    return lists;
  }
}

function partialOf(lacking: readonly string[] | undefined): string {
  if (lacking === undefined) {
    return 'the bundle does not say whether it holds all namespaces; what it does not list may still exist';
  }
  const more = lacking.length > 5 ? ` and ${lacking.length - 5} more` : '';
  return `the bundle has nothing of the namespaces ${lacking.slice(0, 5).join(', ')}${more}`;
}

function logOf(
  namespace: string | undefined,
  pod: string | undefined,
  file: string | undefined,
  shownAs: string,
): Placement | undefined {
  const match = /^(.+?)(-previous)?\.log$/.exec(file ?? '');
  if (match === null || file?.endsWith('-logs-errors.log') === true) return undefined;
  const suffix = match[2] === undefined ? '' : '.previous';
  return { path: `logs/${namespace}_${pod}_${match[1]}${suffix}.log`, shownAs };
}

/** `{"info": <answer of GET /version>, "string": "v1.27.3"}`. */
function versionOf(entry: ArchiveEntry): Content {
  return changedText(entry, (text) => {
    const { info } = JSON.parse(text) as { readonly info?: unknown };
    return info === undefined || info === null ? '' : JSON.stringify(info);
  });
}
