import { ListSplitter, parseListElement } from '@netvet/core';
import type { ArchiveEntry } from '../../archive-entry.ts';
import type { Content } from '../../layout/layout.ts';

/** Reads the names of all namespaces while namespaces.json passes. */
export class NamespaceNames {
  readonly #splitter = new ListSplitter();
  readonly #names: string[] = [];
  #isWhole = false;

  /** Gives the file on unchanged. */
  watch(entry: ArchiveEntry): Content {
    return { chunks: this.#watched(entry), damage: () => entry.damage() };
  }

  async *#watched(entry: ArchiveEntry): AsyncGenerator<Uint8Array> {
    for await (const chunk of entry.chunks) {
      for (const element of this.#splitter.push(chunk)) {
        const { metadata } = (parseListElement(element).value ?? {}) as { metadata?: { name?: unknown } };
        if (typeof metadata?.name === 'string') this.#names.push(metadata.name);
      }
      yield chunk;
    }
    const { value, problems } = this.#splitter.end();
    // Only a listing of all namespaces is written as a typed list; single namespaces are a bare array or an object.
    this.#isWhole =
      entry.damage() === undefined && problems.length === 0 && value.rest.kind === 'NamespaceList';
  }

  /** All namespaces of the cluster; undefined where they are not known. */
  names(): readonly string[] | undefined {
    return this.#isWhole ? this.#names : undefined;
  }
}
