import type { ArchiveEntry } from '../archive-entry.ts';
import { Meter } from '../bytes/meter.ts';
import { isSnapshotManifest, LayoutChooser } from '../layout/choose.ts';
import { evidenceFiles } from '../layout/evidence-files.ts';
import { ownLayout } from '../layout/own.ts';
import type { SourceLimits } from '../limits.ts';
import type { OpenedSource, SourceError } from '../opened-source.ts';
import { SourceProblems } from '../problems.ts';
import { relevantProblems } from '../relevant-problems.ts';
import { type ListedFile, listDirectory, openListed } from './list-directory.ts';

/** Opens a directory: an evidence directory, or a support bundle that was unpacked. Throws what listing it throws. */
export async function openDirectory(root: string, limits: SourceLimits): Promise<OpenedSource | SourceError> {
  const problems = new SourceProblems(root);
  const files = await listDirectory(root, limits, problems);
  const chooser = new LayoutChooser();
  for (const file of files) {
    chooser.see(file.path);
    if (isManifest(file.path) && (await holdsSnapshotManifest(file))) chooser.seeManifest(file.path);
  }
  const decision = chooser.decide();
  if ('error' in decision)
    return { error: { message: [`${root} ${decision.error}`, ...firstOf(problems)].join('. ') } };
  const layout = decision.kind.open(decision.root);
  const manifest = `${decision.root}manifest.json`;
  const ordered = [
    ...files.filter(({ path }) => path === manifest),
    ...files.filter(({ path }) => path !== manifest),
  ];
  let isClosed = false;
  return {
    kind: decision.kind === ownLayout ? 'evidence-directory' : 'support-bundle',
    title: decision.kind.title,
    files: evidenceFiles(entriesOf(ordered, new Meter(limits), problems), layout, () => isClosed),
    problems: () => relevantProblems(problems, layout, decision),
    failure: () => undefined,
    close: async () => {
      isClosed = true;
    },
  };
}

function isManifest(path: string): boolean {
  return path === 'manifest.json' || /^[^/]+\/manifest\.json$/.test(path);
}

async function holdsSnapshotManifest(file: ListedFile): Promise<boolean> {
  for await (const head of openListed(file).chunks) return isSnapshotManifest(head);
  return false;
}

/** The files one by one, as long as all together are within the limits. */
async function* entriesOf(
  files: readonly ListedFile[],
  meter: Meter,
  problems: SourceProblems,
): AsyncGenerator<ArchiveEntry> {
  for (const file of files) {
    const entry = openListed(file);
    let stop: string | undefined;
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of entry.chunks) {
        // A directory is not packed: only its size counts.
        meter.addPacked(chunk.length);
        stop = meter.addUnpacked(chunk.length);
        if (stop !== undefined) return;
        yield chunk;
      }
    };
    yield { path: file.path, chunks: chunks(), damage: () => stop ?? entry.damage() };
    if (stop !== undefined) {
      problems.add(stop);
      return;
    }
  }
}

function firstOf(problems: SourceProblems): readonly string[] {
  const [first] = problems.list();
  return first === undefined ? [] : [`Besides, ${first.file}: ${first.reason}`];
}
