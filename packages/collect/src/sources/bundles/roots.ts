/** The folder below which a pattern matches: the top, or the one folder that archives usually wrap everything in. */
export function rootOf(path: string, pattern: RegExp): string | undefined {
  if (pattern.test(path)) return '';
  const slash = path.indexOf('/');
  return slash >= 0 && pattern.test(path.slice(slash + 1)) ? path.slice(0, slash + 1) : undefined;
}

/** The part of a path below a folder; undefined when it is not below it. */
export function below(root: string, path: string): string | undefined {
  return path.startsWith(root) ? path.slice(root.length) : undefined;
}
