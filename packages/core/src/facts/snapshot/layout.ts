/** What a path of the evidence directory (contract section 2) stands for. */
export type FileRole =
  | { readonly kind: 'manifest' }
  | { readonly kind: 'cluster'; readonly resource: string }
  | { readonly kind: 'probe'; readonly node: string; readonly netns?: string; readonly file: string }
  | {
      readonly kind: 'log';
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly previous: boolean;
    }
  | { readonly kind: 'unknown' };

/** Name given to the node of a lone host's evidence in the directory `node/`, until its own name is known. */
export const LONE_NODE = 'node';

/**
 * Tells what a file is from its path alone.
 * A log's name is `<namespace>_<pod>_<container>.log`; none of the three can hold an underscore.
 */
export function roleOf(path: string): FileRole {
  const parts = path.split('/');
  const [first, second] = parts;
  if (path === 'manifest.json') return { kind: 'manifest' };
  if (first === 'cluster' && parts.length === 2 && second?.endsWith('.json')) {
    return { kind: 'cluster', resource: second.slice(0, -'.json'.length) };
  }
  if (first === 'node' && parts.length > 1) return probeRole(LONE_NODE, parts.slice(1));
  if (first === 'nodes' && second !== undefined && parts.length > 2) return probeRole(second, parts.slice(2));
  if (first === 'logs' && parts.length === 2 && second?.endsWith('.log')) return logRole(second);
  return { kind: 'unknown' };
}

function probeRole(node: string, rest: readonly string[]): FileRole {
  const [first, netns, ...inside] = rest;
  if (first === 'netns' && netns !== undefined && inside.length > 0) {
    return { kind: 'probe', node, netns, file: inside.join('/') };
  }
  return { kind: 'probe', node, file: rest.join('/') };
}

function logRole(name: string): FileRole {
  const previous = name.endsWith('.previous.log');
  const stem = name.slice(0, previous ? -'.previous.log'.length : -'.log'.length);
  const [namespace, pod, container, ...more] = stem.split('_');
  if (namespace === undefined || pod === undefined || container === undefined || more.length > 0) {
    return { kind: 'unknown' };
  }
  return { kind: 'log', namespace, pod, container, previous };
}
