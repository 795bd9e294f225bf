import type { SourceLimits } from '../limits.ts';
import type { SourceProblems } from '../problems.ts';
import { entryName, shownName } from './entry-name.ts';

/** What an archive says about an entry before its bytes come. */
export interface EntryHeader {
  readonly rawName: Uint8Array;
  /** `other` is a kind that holds no evidence; `what` names it. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Shown for links and others: `a symbolic link to …`, `a device`. */
  readonly what?: string;
  /** Unpacked size as declared. */
  readonly size: number;
}

/** Decides which entries of an archive are read, and reports the others. */
export class EntryGate {
  readonly #limits: SourceLimits;
  readonly #problems: SourceProblems;
  /** Names by their lower case. */
  readonly #names = new Map<string, string>();
  #entries = 0;

  constructor(limits: SourceLimits, problems: SourceProblems) {
    this.#limits = limits;
    this.#problems = problems;
  }

  /** False, once, when there are more entries than allowed: the rest is not to be read. */
  count(): boolean {
    this.#entries++;
    if (this.#entries <= this.#limits.maxEntries) return true;
    this.#problems.add(
      `more than ${this.#limits.maxEntries} entries; the rest was not read. Raise the limit if this is expected`,
    );
    return false;
  }

  /** The path of an entry that is read; undefined when it is not. */
  admit({ rawName, kind, what, size }: EntryHeader): string | undefined {
    const name = entryName(rawName);
    if ('refused' in name) {
      // The root itself is listed as `./` by `tar -C folder .`.
      if (kind !== 'folder') this.#problems.add(`not read: ${name.refused}`, shownName(rawName));
      return undefined;
    }
    const { path } = name;
    if (kind === 'folder' || isCompanion(path)) return undefined;
    if (kind !== 'file') {
      this.#problems.addMinor(`not read: ${what ?? kind}`, path);
      return undefined;
    }
    if (size > this.#limits.maxEntryBytes) {
      this.#problems.add(
        `not read: ${size} bytes, and ${this.#limits.maxEntryBytes} is the limit. Raise it if this is expected`,
        path,
      );
      return undefined;
    }
    return this.#isNew(path) ? path : undefined;
  }

  #isNew(path: string): boolean {
    const lower = path.toLowerCase();
    const known = this.#names.get(lower);
    if (known === path) {
      this.#problems.add('a second file of the same name; only the first is used', path);
      return false;
    }
    if (known !== undefined) {
      this.#problems.add(
        `differs from ${known} only in upper and lower case; both are read as they are`,
        path,
      );
    }
    this.#names.set(lower, path);
    return true;
  }
}

/** Companion files that macOS adds to archives and foreign file systems, and what git keeps; none holds evidence. */
function isCompanion(path: string): boolean {
  return path
    .split('/')
    .some((part) => ['__MACOSX', '.DS_Store', '.git'].includes(part) || part.startsWith('._'));
}
