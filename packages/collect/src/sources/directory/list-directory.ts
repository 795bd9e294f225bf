import type { Dirent } from 'node:fs';
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ArchiveEntry } from '../archive-entry.ts';
import { messageOf } from '../bytes/byte-stream.ts';
import type { SourceLimits } from '../limits.ts';
import { shownName } from '../names/entry-name.ts';
import { EntryGate } from '../names/gate.ts';
import type { SourceProblems } from '../problems.ts';
import { fileAdvice, readFileStream } from './file-stream.ts';

/** A file of a directory that may be read. */
export interface ListedFile {
  /** Path below the directory, with slashes. */
  readonly path: string;
  /** Where it really is. */
  readonly place: string;
}

/** Deeper nesting is not a layout of anything known, and may be made to exhaust. */
const DEEPEST = 64;

/**
 * Lists the files below a directory, in order of path. Links inside the directory are followed to files only; links out of
 * it, devices, pipes, sockets and what may not be read are reported. Nothing is opened.
 */
export async function listDirectory(
  root: string,
  limits: SourceLimits,
  problems: SourceProblems,
): Promise<readonly ListedFile[]> {
  const listing = new Listing(await realpath(root), limits, problems);
  await listing.folder('', 0);
  return listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

class Listing {
  readonly files: ListedFile[] = [];
  readonly #root: string;
  readonly #gate: EntryGate;
  readonly #problems: SourceProblems;
  #isOver = false;

  constructor(root: string, limits: SourceLimits, problems: SourceProblems) {
    this.#root = root;
    this.#gate = new EntryGate(limits, problems);
    this.#problems = problems;
  }

  async folder(path: string, depth: number): Promise<void> {
    if (depth > DEEPEST) {
      this.#problems.add(`not read: more than ${DEEPEST} folders deep`, path);
      return;
    }
    let entries: Dirent<Buffer>[];
    try {
      entries = await readdir(join(this.#root, path), { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      // The directory itself is for the caller to report.
      if (path === '') throw error;
      this.#problems.add(`the folder can not be read: ${fileAdvice(error)}`, path);
      return;
    }
    entries.sort((a, b) => Buffer.compare(a.name, b.name));
    for (const entry of entries) {
      if (this.#isOver || !this.#gate.count()) {
        this.#isOver = true;
        return;
      }
      await this.#entry(entry, path, depth);
    }
  }

  async #entry(entry: Dirent<Buffer>, folder: string, depth: number): Promise<void> {
    const rawName = Buffer.concat([Buffer.from(folder === '' ? '' : `${folder}/`), entry.name]);
    if (entry.isDirectory()) {
      if (rawName.toString().includes('\ufffd')) {
        this.#problems.add('not read: a name that is not UTF-8; rename the folder', shownName(rawName));
      } else await this.folder(rawName.toString(), depth + 1);
      return;
    }
    const header = await this.#describe(entry, rawName);
    const path = this.#gate.admit({ rawName, ...header });
    if (path !== undefined) this.files.push({ path, place: header.place });
  }

  async #describe(
    entry: Dirent<Buffer>,
    rawName: Buffer,
  ): Promise<{ kind: 'file' | 'link' | 'other'; what?: string; size: number; place: string }> {
    const place = join(this.#root, rawName.toString());
    if (entry.isSymbolicLink()) return await this.#describeLink(place);
    if (!entry.isFile())
      return { kind: 'other', what: 'a device, pipe or socket, not a file', size: 0, place };
    try {
      return { kind: 'file', size: (await lstat(place)).size, place };
    } catch {
      // Names that are not UTF-8 are refused by the gate; whatever else is wrong shows when the file is opened.
      return { kind: 'file', size: 0, place };
    }
  }

  async #describeLink(
    place: string,
  ): Promise<{ kind: 'file' | 'link'; what?: string; size: number; place: string }> {
    try {
      const target = await realpath(place);
      const isInside = target.startsWith(this.#root + sep);
      const { size, ...type } = await stat(target).then((found) => ({
        size: found.size,
        isFile: found.isFile(),
        isFolder: found.isDirectory(),
      }));
      if (isInside && type.isFile) return { kind: 'file', size, place: target };
      const to = shownName(await readlink(place));
      const why = isInside ? 'only links to files are followed' : 'links out of the source are not followed';
      return { kind: 'link', what: `a symbolic link to ${to}; ${why}`, size: 0, place };
    } catch (error) {
      return {
        kind: 'link',
        what: `a symbolic link that leads nowhere (${fileAdvice(error)})`,
        size: 0,
        place,
      };
    }
  }
}

/** Opens a listed file when its first chunk is asked for. What goes wrong is its damage. */
export function openListed({ path, place }: ListedFile): ArchiveEntry {
  let damage: string | undefined;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    let offset = 0;
    try {
      for await (const chunk of readFileStream(place, false)) {
        offset += chunk.length;
        yield chunk;
      }
    } catch (error) {
      const reason = (error as { code?: unknown }).code === undefined ? messageOf(error) : fileAdvice(error);
      damage = offset === 0 ? `can not be read: ${reason}` : `reading stopped at byte ${offset}: ${reason}`;
    }
  };
  return { path, chunks: chunks(), damage: () => damage };
}
