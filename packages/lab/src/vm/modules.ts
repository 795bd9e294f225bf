import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { LabError } from '../errors.ts';
import type { KernelImage } from './kernel-image.ts';

/** A module as the kernel takes it. */
export interface KernelModule {
  /** Ends in `.ko`. */
  readonly file: string;
  readonly content: Uint8Array;
}

/**
 * Modules with all that they need, each after what it needs. Names that the kernel has built in are left out.
 * Throws a `LabError` where a module is neither.
 */
export function modulesFor(
  { root, release }: KernelImage,
  names: readonly string[],
): readonly KernelModule[] {
  const folder = join(root, 'lib/modules', release);
  const needs = readDependencies(folder);
  const builtin = new Set(lines(join(folder, 'modules.builtin')).map(moduleName));
  const ordered: string[] = [];
  const add = (path: string): void => {
    if (ordered.includes(path)) return;
    for (const needed of needs.get(path) ?? []) add(needed);
    ordered.push(path);
  };
  const paths = new Map([...needs.keys()].map((path) => [moduleName(path), path]));
  for (const name of names) {
    const path = paths.get(name);
    if (path !== undefined) add(path);
    else if (!builtin.has(name))
      throw new LabError('missing-feature', `kernel ${release} has no module ${name}`);
  }
  return ordered.map((path) => ({
    file: `${moduleName(path)}.ko`,
    content: unpackModule(path, readFileSync(join(folder, path))),
  }));
}

/** `modules.dep`: a module, a colon, and the modules it needs. */
function readDependencies(folder: string): ReadonlyMap<string, readonly string[]> {
  const file = join(folder, 'modules.dep');
  const found = lines(file);
  if (found.length === 0)
    throw new LabError('bad-option', `${file}: not there or empty; depmod -b writes it`);
  return new Map(
    found.map((line) => {
      const [path = '', rest = ''] = line.split(':');
      // The needed ones stand in the order in which modprobe removes them.
      return [path, rest.trim().split(' ').filter(Boolean).reverse()];
    }),
  );
}

function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** `net/ipv4/ipip.ko.xz` is `ipip`; the kernel takes `-` and `_` for the same. */
function moduleName(path: string): string {
  return basename(path)
    .replace(/\.ko(\..+)?$/, '')
    .replaceAll('-', '_');
}

function unpackModule(path: string, content: Uint8Array): Uint8Array {
  if (path.endsWith('.gz')) return gunzipSync(content);
  if (path.endsWith('.zst')) return zstdDecompressSync(content);
  if (path.endsWith('.ko')) return content;
  throw new LabError(
    'not-possible',
    `${path}: modules in this compression can not be unpacked; unpack them with unxz`,
  );
}
