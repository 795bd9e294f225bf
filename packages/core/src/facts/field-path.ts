/** A value found at a path, with its JSON pointer below the start. */
export interface FoundValue {
  readonly value: unknown;
  readonly pointer: string;
}

const ANY = Symbol('every element');
type Step = string | typeof ANY;
const parsed = new Map<string, readonly Step[] | undefined>();

/**
 * Steps of a path such as `spec.externalIPs[]`, `metadata.annotations["a.b/c"]` or `spec.containers[].image`;
 * undefined where the path makes no sense. `[]` stands for every element of a list or every value of a map.
 */
function stepsOf(path: string): readonly Step[] | undefined {
  if (parsed.has(path)) return parsed.get(path);
  const steps = parsePath(path);
  parsed.set(path, steps);
  return steps;
}

function parsePath(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const match = /^(?:\.?([A-Za-z0-9_$-]+)|\[\]|\["([^"]*)"\])/.exec(rest);
    if (match === null) return undefined;
    steps.push(match[1] ?? match[2] ?? ANY);
    rest = rest.slice(match[0].length);
  }
  return steps;
}

export function isFieldPath(path: string): boolean {
  return stepsOf(path) !== undefined;
}

/** Every value at a path below `root`; none where a part of the path does not exist. */
export function valuesAt(root: unknown, path: string): readonly FoundValue[] {
  let found: FoundValue[] = [{ value: root, pointer: '' }];
  for (const step of stepsOf(path) ?? []) {
    const next: FoundValue[] = [];
    for (const one of found) descend(one, step, next);
    if (next.length === 0) return next;
    found = next;
  }
  return found;
}

/** Plain loops: object conditions look at every pod of a cluster. */
function descend({ value, pointer }: FoundValue, step: Step, next: FoundValue[]): void {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Readonly<Record<string, unknown>>;
  if (step === ANY) {
    for (const key in fields) next.push({ value: fields[key], pointer: `${pointer}/${escapeKey(key)}` });
  } else if (Object.hasOwn(value, step)) {
    next.push({ value: fields[step], pointer: `${pointer}/${escapeKey(step)}` });
  }
}

function escapeKey(key: string): string {
  if (!key.includes('/') && !key.includes('~')) return key;
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
