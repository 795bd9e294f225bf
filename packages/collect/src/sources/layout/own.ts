import { probeFileOf, roleOf } from '@netvet/core';
import type { Layout, LayoutKind } from './layout.ts';

/** How sure it is that a path belongs to an evidence directory or a snapshot. */
export type Claim = 'sure' | 'manifest' | 'likely';

/** Folder and certainty for a path, at the root or one folder down; undefined when it is nothing of ours. */
export function claimOf(path: string): { readonly root: string; readonly claim: Claim } | undefined {
  const slash = path.indexOf('/');
  const roots = slash < 0 ? [''] : ['', path.slice(0, slash + 1)];
  const claims = roots.map((root) => ({ root, claim: claimAt(path.slice(root.length)) }));
  for (const wanted of ['sure', 'manifest', 'likely'] as const) {
    const found = claims.find(({ claim }) => claim === wanted);
    if (found !== undefined) return { root: found.root, claim: wanted };
  }
  return undefined;
}

function claimAt(path: string): Claim | undefined {
  const role = roleOf(path);
  if (role.kind === 'unknown') return undefined;
  if (role.kind === 'manifest') return 'manifest';
  return role.kind === 'probe' && probeFileOf(role.file) === undefined ? 'likely' : 'sure';
}

/** The layout of evidence directories and snapshots (docs: evidence directory). */
export const ownLayout: LayoutKind = {
  id: 'netvet',
  title: 'evidence directory',
  recognise: (path) => {
    const found = claimOf(path);
    return found?.claim === 'sure' ? found.root : undefined;
  },
  open: (root) => new OwnLayout(root),
};

class OwnLayout implements Layout {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Every file is given: what no probe makes is told to the user, who may have mistyped its name. */
  place(path: string): { path: string } | undefined {
    return path.startsWith(this.#root) ? { path: path.slice(this.#root.length) } : { path };
  }
}
