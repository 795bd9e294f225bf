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
const READ = /^kubectl (?:-n kube-system )?get ([a-z0-9.,-]+)(?: -A)? -o json$/;
const SETTINGS = /^sysctl ([a-z][a-z0-9_./-]*(?: [a-z][a-z0-9_./-]*)*)$/;

/**
 * For each command the one to run instead: reads of resources that every cluster has become a single
 * `kubectl get a,b,c`, reads of kernel settings a single `sysctl a b c`; the others stay as they are.
 */
export function mergeReads(commands: Iterable<string>): ReadonlyMap<string, string> {
  const all = new Set(commands);
  const resources = new Set([...all].flatMap(resourcesOf));
  const names = [...resources]
    .filter((name) => name.includes('.') || ![...resources].some(isLongNameOf(name)))
    .sort();
  const settings = [...new Set([...all].flatMap(settingsOf))].sort();
  const insteadOf = (command: string): string => {
    if (resourcesOf(command).length > 0) return `kubectl get ${names.join(',')} -A -o json`;
    return settingsOf(command).length > 0 ? `sysctl ${settings.join(' ')}` : command;
  };
  return new Map([...all].map((command) => [command, insteadOf(command)]));
}

function settingsOf(command: string): readonly string[] {
  return SETTINGS.exec(command)?.[1]?.split(' ') ?? [];
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
