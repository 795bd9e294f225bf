import type { Case } from './case-file.ts';

/** Evidence of a case, changed in a way that must not change its verdict, or must not make it `not-affected`. */
export interface Variation {
  readonly name: string;
  readonly files: readonly (readonly [string, string])[];
}

/** Every file taken away once. */
export function removals({ files }: Case): Variation[] {
  return [...files.keys()].map((removed) => ({
    name: `without ${removed}`,
    files: [...files].filter(([path]) => path !== removed),
  }));
}

/** Files and objects in another order, and every object twice: none of it is news. */
export function reorderings({ files }: Case): Variation[] {
  const entries = [...files];
  return [
    {
      name: 'files and objects reversed',
      files: entries.reverse().map(mapObjects((items) => [...items].reverse())),
    },
    { name: 'objects doubled', files: [...files].map(mapObjects((items) => [...items, ...items])) },
  ];
}

function mapObjects(change: (items: readonly unknown[]) => readonly unknown[]) {
  return ([path, text]: readonly [string, string]): readonly [string, string] => {
    if (!path.startsWith('cluster/')) return [path, text];
    const value = parseJson(text);
    if (Array.isArray(value)) return [path, JSON.stringify(change(value))];
    const items = (value as { items?: unknown } | undefined)?.items;
    if (!Array.isArray(items)) return [path, text];
    return [path, JSON.stringify({ ...(value as object), items: change(items) })];
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
