import type { ArchiveEntry } from './archive-entry.ts';
import { type Choice, isSnapshotManifest, LayoutChooser } from './layout/choose.ts';
import { evidenceFiles } from './layout/evidence-files.ts';
import { ownLayout } from './layout/own.ts';
import type { SourceLimits } from './limits.ts';
import { Lookahead } from './lookahead.ts';
import type { OpenedSource, SourceError } from './opened-source.ts';
import type { SourceProblems } from './problems.ts';
import { relevantProblems } from './relevant-problems.ts';

/** An archive whose entries can be read once, in the order in which they stand. */
export interface Archive {
  /** What the user called it. */
  readonly name: string;
  readonly entries: AsyncIterable<ArchiveEntry>;
  close(): Promise<void>;
}

/** Finds out what an archive holds, and gives its evidence. */
export async function openArchive(
  archive: Archive,
  problems: SourceProblems,
  limits: SourceLimits,
): Promise<OpenedSource | SourceError> {
  const chooser = new LayoutChooser();
  const lookahead = new Lookahead(archive.entries);
  const close = async (): Promise<void> => {
    await lookahead.close();
    await archive.close();
  };
  const see = (path: string, head: Uint8Array): void => {
    chooser.see(path);
    if (isManifest(path) && isSnapshotManifest(head)) chooser.seeManifest(path);
  };
  await lookahead.fill(limits.lookaheadBytes, see, () => chooser.isSure);
  const decision = chooser.decide();
  if ('error' in decision) {
    await close();
    const [first] = problems.list();
    const besides = first === undefined ? '' : `. Besides, ${first.file}: ${first.reason}`;
    return { error: { message: `${archive.name} ${decision.error}${besides}` } };
  }
  const layout = decision.kind.open(decision.root);
  const seen = new Set(chooser.roots);
  let failure: string | undefined;
  let isClosed = false;
  const watched = async function* (): AsyncGenerator<ArchiveEntry> {
    for await (const entry of lookahead.entries()) {
      const looked = isManifest(entry.path) ? await withHead(entry, see) : entry;
      chooser.see(entry.path);
      if (chooser.roots.length > seen.size) failure ??= lateError(archive.name, chooser, decision);
      if (failure !== undefined) return;
      yield looked;
    }
  };
  return {
    kind: decision.kind === ownLayout ? 'snapshot' : 'support-bundle',
    title: decision.kind.title,
    files: evidenceFiles(watched(), layout, () => isClosed),
    problems: () => relevantProblems(problems, layout, decision),
    failure: () => failure,
    close: async () => {
      isClosed = true;
      await close();
    },
  };
}

/** Looks at the first bytes of an entry before it is given on. */
async function withHead(
  entry: ArchiveEntry,
  see: (path: string, head: Uint8Array) => void,
): Promise<ArchiveEntry> {
  const iterator = entry.chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done !== true) see(entry.path, first.value);
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  };
  return { path: entry.path, chunks: chunks(), damage: () => entry.damage() };
}

function lateError(name: string, chooser: LayoutChooser, chosen: Choice): string | undefined {
  const decision = chooser.decide();
  if ('error' in decision) return `${name} ${decision.error}`;
  if (decision.kind === chosen.kind && decision.root === chosen.root) return undefined;
  return `${name} looked like one thing (${chosen.kind.title}) and turned out to be another (${decision.kind.title}). Unpack it and give the directory`;
}

function isManifest(path: string): boolean {
  return path === 'manifest.json' || /^[^/]+\/manifest\.json$/.test(path);
}
