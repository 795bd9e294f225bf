/** A file of an archive or a directory. Its bytes can be read once, before the next file is asked for. */
export interface ArchiveEntry {
  /** Path below the root, checked. */
  readonly path: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Why the bytes are not the whole file; asked after the last chunk. */
  damage(): string | undefined;
}
