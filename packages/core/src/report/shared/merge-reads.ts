/** API groups that every cluster serves. One resource that is not there would make the whole command fail. */
const BUILT_IN = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'apiextensions.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
]);
const READ = /^kubectl get ([a-z0-9.,-]+)(?: -A)? -o json$/;

/**
 * For each command the one to run instead: reads of resources that every cluster has become a single
 * `kubectl get a,b,c`, the others stay as they are.
 */
export function mergeReads(commands: Iterable<string>): ReadonlyMap<string, string> {
  const all = new Set(commands);
  const reads = [...all].filter((command) => resourcesOf(command).length > 0);
  const wanted = new Set(reads.flatMap(resourcesOf));
  const names = [...wanted]
    .filter((name) => name.includes('.') || ![...wanted].some(isLongNameOf(name)))
    .sort();
  const merged = `kubectl get ${names.join(',')} -A -o json`;
  return new Map([...all].map((command) => [command, reads.includes(command) ? merged : command]));
}

/** Resources of a command that can be merged; none where it can not. */
function resourcesOf(command: string): readonly string[] {
  const names = READ.exec(command)?.[1]?.split(',') ?? [];
  return names.every((name) => BUILT_IN.has(name.split('.').slice(1).join('.'))) ? names : [];
}

/** `daemonsets.apps` is the long name of `daemonsets`. */
function isLongNameOf(name: string): (other: string) => boolean {
  return (other) => other.startsWith(`${name}.`);
}
