/*
 * `calicoctl cluster diags`: calico-diagnostics-<time>/ with nodes/<node>/<command>.txt, taken inside calico-node, which
 * shares the network of the host; cluster/kubernetes/<resource>.yaml and cluster/crd/<crd>.yaml, of all namespaces;
 * nodes/<node>/<namespace>/<pod>.log.
 * Source: projectcalico/calico, calicoctl/calicoctl/commands/cluster/diags.go
 */
import { parseYamlDocuments } from '@netvet/core';
import type { Layout, LayoutKind, Placement } from '../../layout/layout.ts';
import { yamlToJson } from '../../objects/yaml-to-json.ts';
import { below, rootOf } from '../roots.ts';
import { changedText } from '../whole-text.ts';

/**
 * Commands whose output is that of our probes. Left out: ip-link.txt, made without `-d`, in which a VXLAN device looks
 * like a network card; `ipset list`, which is no `ipset save`.
 */
const PROBES: Readonly<Record<string, string>> = {
  'iptables-legacy-save.txt': 'iptables-legacy-save.txt',
  'iptables-nft-save.txt': 'iptables-nft-save.txt',
  'nft-ruleset.txt': 'nft-ruleset.txt',
  'ip-route.txt': 'ip-route.txt',
  'ip-route-v6.txt': 'ip6-route.txt',
  'ip-rule.txt': 'ip-rule.txt',
  'ip-addr.txt': 'ip-addr.txt',
  'ip-neigh.txt': 'ip-neigh.txt',
};

const RESOURCES: Readonly<Record<string, string>> = {
  configmaps: 'configmaps',
  daemonsets: 'daemonsets.apps',
  deployments: 'deployments.apps',
  endpoints: 'endpoints',
  endpointslices: 'endpointslices.discovery.k8s.io',
  jobs: 'jobs.batch',
  namespaces: 'namespaces',
  networkpolicies: 'networkpolicies.networking.k8s.io',
  nodes: 'nodes',
  pods: 'pods',
  services: 'services',
  statefulsets: 'statefulsets.apps',
};

/** The archive of `calicoctl cluster diags`. */
export const calicoDiagnostics: LayoutKind = {
  id: 'calico-diagnostics',
  title: 'calicoctl cluster diags',
  recognise: (path) =>
    rootOf(
      path,
      /^(cluster\/(kubernetes|crd|tigera-operator|calico-system)\/[^/]+\.(yaml|txt)|nodes\/[^/]+\/(ip-route-v6|ipset-list|bpf-[a-z]+)\.txt)$/,
    ),
  open: (root) => new CalicoDiagnostics(root),
};

class CalicoDiagnostics implements Layout {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  place(path: string): Placement | undefined {
    const [first, second = '', third = '', fourth, ...more] = below(this.#root, path)?.split('/') ?? [];
    if (more.length > 0) return undefined;
    if (first === 'nodes')
      return fourth === undefined ? probeOf(second, third, path) : logOf(third, fourth, path);
    if (first !== 'cluster' || fourth !== undefined) return undefined;
    if (second === 'version.yaml' && third === '') return versionOf(path);
    const name = /^(.+)\.yaml$/.exec(third)?.[1] ?? '';
    const resource = second === 'crd' ? name : second === 'kubernetes' ? RESOURCES[name] : undefined;
    if (resource === undefined || name === '') return undefined;
    return { path: `cluster/${resource}.json`, shownAs: path, convert: yamlToJson };
  }
}

function probeOf(node: string, file: string, shownAs: string): Placement | undefined {
  const probe = Object.hasOwn(PROBES, file) ? PROBES[file] : undefined;
  return probe === undefined ? undefined : { path: `nodes/${node}/${probe}`, shownAs };
}

/** `kubectl logs --all-containers`: the lines of the containers are not told apart. */
function logOf(namespace: string, file: string, shownAs: string): Placement | undefined {
  const pod = /^(.+)\.log$/.exec(file)?.[1];
  return pod === undefined ? undefined : { path: `logs/${namespace}_${pod}_all-containers.log`, shownAs };
}

/** `kubectl version -o yaml`. */
function versionOf(shownAs: string): Placement {
  return {
    path: 'cluster/version.json',
    shownAs,
    convert: (entry) =>
      changedText(entry, (text) => {
        const { serverVersion } = (parseYamlDocuments(text).value[0]?.value ?? {}) as {
          serverVersion?: unknown;
        };
        if (serverVersion === undefined) throw new Error('no serverVersion');
        return JSON.stringify(serverVersion);
      }),
  };
}
