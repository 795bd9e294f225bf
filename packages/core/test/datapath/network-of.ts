import { Network } from '../../src/datapath/model/network.ts';
import { loadSnapshot, type SnapshotFile } from '../../src/facts/snapshot/load.ts';

/** Makes a network of evidence files given as text, by path. For tests. */
export async function networkOf(files: Readonly<Record<string, string>>): Promise<Network> {
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(
    ([path, text]): SnapshotFile => ({ path, chunks: [encoder.encode(text)] }),
  );
  return new Network(await loadSnapshot(entries));
}
