import { BUNDLES } from '../bundles/index.ts';
import type { LayoutKind } from './layout.ts';
import { claimOf, ownLayout } from './own.ts';

/** A layout and the folder it stands in, `''` or with a slash at its end. */
export interface Choice {
  readonly kind: LayoutKind;
  readonly root: string;
}

/** What the paths of a source show it to be: one thing, nothing known, or several things at once. */
export type Decision = Choice | { readonly error: string };

/** A manifest may be that of anything; only its content shows that it is one of ours. */
const SCHEMA = 'netvet.dev/snapshot/';

/** Whether the first bytes of a `manifest.json` are those of a snapshot. */
export function isSnapshotManifest(head: Uint8Array): boolean {
  return new TextDecoder().decode(head).includes(SCHEMA);
}

/** Gathers the paths of a source and decides what it is. */
export class LayoutChooser {
  /** Folders that surely hold something of a kind, by kind. */
  readonly #sure = new Map<LayoutKind, Set<string>>();
  /** Folders with the manifest of a snapshot. */
  readonly #manifests = new Set<string>();
  readonly #likely = new Set<string>();
  #paths = 0;

  /** True once a path came that only one layout has. */
  get isSure(): boolean {
    return this.#sure.size > 0;
  }

  /** Every folder that surely holds something, once for each kind. */
  get roots(): readonly string[] {
    const manifests = [...this.#manifests].map((root) => `manifest ${root}`);
    return [...this.#all().map(({ kind, root }) => `${kind.id} ${root}`), ...manifests];
  }

  see(path: string): void {
    this.#paths++;
    for (const kind of BUNDLES) this.#claim(kind, kind.recognise(path));
    const own = claimOf(path);
    if (own?.claim === 'sure') this.#claim(ownLayout, own.root);
    else if (own !== undefined) this.#likely.add(own.root);
  }

  /** Says that the `manifest.json` at a path is that of a snapshot. */
  seeManifest(path: string): void {
    this.#manifests.add(path.slice(0, -'manifest.json'.length));
  }

  #claim(kind: LayoutKind, root: string | undefined): void {
    if (root === undefined) return;
    const roots = this.#sure.get(kind) ?? new Set();
    roots.add(root);
    this.#sure.set(kind, roots);
  }

  decide(): Decision {
    const choices = this.#choices();
    const [first, second] = choices;
    if (first === undefined) return this.#nothing();
    if (second === undefined) return first;
    return { error: severalSources(choices) };
  }

  /** The outermost folders, each with one kind. */
  #choices(): readonly Choice[] {
    const bundles = this.#all().filter(({ kind }) => kind !== ownLayout);
    const own = this.#all().filter(({ kind }) => kind === ownLayout);
    // Some bundles name their files as we do; what else they hold tells them apart.
    const rest = own.filter(({ root }) => !bundles.some((bundle) => bundle.root === root));
    const manifests = [...this.#manifests]
      .filter((root) => !rest.some((choice) => choice.root === root))
      .map((root) => ({ kind: ownLayout, root }));
    const choices = [...bundles, ...rest, ...manifests];
    // A snapshot inside a bundle is a part of it; one inside another snapshot, or a bundle beside one, is not.
    const outer = choices.filter(({ root }) => !bundles.some((bundle) => isInside(root, bundle.root)));
    return outer.sort((a, b) => (a.root < b.root ? -1 : 1));
  }

  #all(): Choice[] {
    return [...this.#sure].flatMap(([kind, roots]) => [...roots].map((root) => ({ kind, root })));
  }

  #nothing(): Decision {
    const [root, second] = [...this.#likely].sort();
    if (root !== undefined && second === undefined) return { kind: ownLayout, root };
    if (root !== undefined && second !== undefined) {
      return {
        error: severalSources([...this.#likely].map((folder) => ({ kind: ownLayout, root: folder }))),
      };
    }
    if (this.#paths === 0) return { error: 'holds no file' };
    const known = BUNDLES.map(({ title }) => title).join(', ');
    return {
      error:
        'holds nothing that is known here. Expected an evidence directory (manifest.json, cluster/<resource>.json, ' +
        `nodes/<node>/<probe>.txt), at the top or in one folder, or one of: ${known}. ` +
        'To scan the files of one node, put them into a folder nodes/<node>/ and give the folder above',
    };
  }
}

function isInside(inner: string, outer: string): boolean {
  return inner !== outer && inner.startsWith(outer);
}

function severalSources(choices: readonly Choice[]): string {
  const named = choices
    .slice(0, 5)
    .map(({ kind, root }) => `${root === '' ? 'the top folder' : root.slice(0, -1)} (${kind.title})`)
    .join(' and ');
  const more = choices.length > 5 ? ` and ${choices.length - 5} more` : '';
  return `holds more than one source: ${named}${more}. Unpack it and give one of them`;
}
