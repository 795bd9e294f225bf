import type { ArchiveEntry } from './archive-entry.ts';
import { isSnapshotManifest, LayoutChooser } from './layout/choose.ts';
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
      chooser.see(entry.path);
      if (chooser.roots.length > seen.size) failure ??= lateError(archive.name, chooser);
      if (failure !== undefined) return;
      yield entry;
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

function lateError(name: string, chooser: LayoutChooser): string | undefined {
  const decision = chooser.decide();
  return 'error' in decision ? `${name} ${decision.error}` : undefined;
}

function isManifest(path: string): boolean {
  return path === 'manifest.json' || /^[^/]+\/manifest\.json$/.test(path);
}
