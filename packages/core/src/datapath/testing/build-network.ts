import { loadSnapshot, type SnapshotFile } from '../../facts/snapshot/load.ts';
import { Network } from '../model/network.ts';

/** Makes a network of evidence files given as text, by path. For tests. */
export async function networkOf(files: Readonly<Record<string, string>>): Promise<Network> {
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(
    ([path, text]): SnapshotFile => ({ path, chunks: [encoder.encode(text)] }),
  );
  return new Network(await loadSnapshot(entries));
}
