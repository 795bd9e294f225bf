/** Groups whose workloads moved to `apps` in Kubernetes 1.9; the old group was served until 1.15. */
const MOVED_TO_APPS = new Set(['DaemonSet', 'Deployment', 'ReplicaSet']);

/** Kinds whose plural does not follow the rule of Kubernetes. */
const IRREGULAR: Readonly<Record<string, string>> = {
  Endpoints: 'endpoints',
  // https://github.com/k8snetworkplumbingwg/network-attachment-definition-client, artifacts/networks-crd.yaml
  NetworkAttachmentDefinition: 'network-attachment-definitions',
};

/**
 * Name of the resource of an object as our file names have it: `pods`, `daemonsets.apps`. The plural is built as the API
 * machinery of Kubernetes does when it guesses (`UnsafeGuessKindToResource` in k8s.io/apimachinery/pkg/api/meta).
 */
function resourceName(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const current = group === 'extensions' && MOVED_TO_APPS.has(kind) ? 'apps' : group;
  const plural = IRREGULAR[kind] ?? pluralOf(kind.toLowerCase());
  return current === '' ? plural : `${plural}.${current}`;
}

function pluralOf(singular: string): string {
  if (singular.endsWith('s')) return `${singular}es`;
  if (singular.endsWith('y') && !/[aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}

/** The parts that make a name safe to stand in a path. */
const SAFE = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** The resource of a parsed object; undefined when it is no object of Kubernetes. */
export function resourceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, apiVersion } = value as { readonly kind?: unknown; readonly apiVersion?: unknown };
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return undefined;
  const name = resourceName(apiVersion, kind);
  return SAFE.test(name) ? name : undefined;
}
