import { stat } from 'node:fs/promises';
import type { SnapshotFile } from '@netvet/core';
import { ByteReader } from './bytes/byte-reader.ts';
import { type ByteStream, safeStream } from './bytes/byte-stream.ts';
import { Meter } from './bytes/meter.ts';
import { unpack } from './compression/unpack.ts';
import { type Format, HEAD_BYTES, recogniseFormat } from './format.ts';
import type { SourceLimits } from './limits.ts';
import { EntryGate } from './names/gate.ts';
import { dumpFiles } from './objects/open-dump.ts';
import { yamlToJson } from './objects/yaml-to-json.ts';
import { openArchive } from './open-archive.ts';
import type { OpenedSource, SourceError } from './opened-source.ts';
import { SourceProblems } from './problems.ts';
import { readTar } from './tar/read-tar.ts';
import { unpackXz } from './xz/unpack-xz.ts';
import { openZip } from './zip/read-zip.ts';

/** Bytes to recognise. */
export interface Input {
  /** What the user called it. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where it can be read again, and in any order. */
  readonly place?: string;
}

const EXPECTED =
  'Expected a directory, .tar, .tar.gz, .tar.xz, .tar.zst, .zip, or what kubectl get -o json prints';

/** Opens an archive or a dump, recognised by its content. */
export async function openStream(input: Input, limits: SourceLimits): Promise<OpenedSource | SourceError> {
  return await new StreamOpening(input, limits).open();
}

class StreamOpening {
  readonly #input: Input;
  readonly #limits: SourceLimits;
  readonly #problems: SourceProblems;
  readonly #meter: Meter;

  constructor(input: Input, limits: SourceLimits) {
    this.#input = input;
    this.#limits = limits;
    this.#problems = new SourceProblems(input.name);
    this.#meter = new Meter(limits);
  }

  async open(): Promise<OpenedSource | SourceError> {
    const packed = new ByteReader(safeStream(this.#input.bytes));
    const format = recogniseFormat(await packed.peek(HEAD_BYTES));
    if (format.kind === 'zip') return await this.#openZip(packed);
    const reader = new ByteReader(this.#meter.unpacked(unpacked(format, this.#meter.packed(packed.rest()))));
    const inner = recogniseFormat(await reader.peek(HEAD_BYTES));
    const close = async (): Promise<void> => {
      await reader.close();
      await packed.close();
    };
    if (inner.kind === 'tar') {
      const gate = new EntryGate(this.#limits, this.#problems);
      const entries = readTar(reader, gate, this.#problems);
      return await openArchive({ name: this.#input.name, entries, close }, this.#problems, this.#limits);
    }
    if (inner.kind === 'json' || inner.kind === 'yaml') {
      const stream = inner.kind === 'json' ? reader.rest() : asJson(reader.rest());
      return await this.#openDump(stream, close);
    }
    await close();
    return this.#fail(whyNot(format, inner, reader.cut()));
  }

  async #openZip(packed: ByteReader): Promise<OpenedSource | SourceError> {
    const { name, place } = this.#input;
    const where = place ?? (await spool(packed, this.#limits.maxSpooledBytes));
    await packed.close();
    if (where === undefined) {
      return this.#fail(
        `is a zip archive of more than ${this.#limits.maxSpooledBytes} bytes, too large to be read from a pipe. Save it to a file and give that`,
      );
    }
    const size = typeof where === 'string' ? (await stat(where)).size : where.length;
    const gate = new EntryGate(this.#limits, this.#problems);
    const zip = await openZip(where, size, { gate, problems: this.#problems, meter: this.#meter });
    if ('error' in zip) return this.#fail(`was cut off or is damaged: ${zip.error}. Copy it again`);
    const archive = { name, entries: zip.entries, close: async () => zip.close() };
    return await openArchive(archive, this.#problems, this.#limits);
  }

  /** The first object decides: a JSON file without any is not a source. */
  async #openDump(stream: ByteStream, close: () => Promise<void>): Promise<OpenedSource | SourceError> {
    const files = dumpFiles(this.#input.name, stream, this.#problems);
    const first = await files.next();
    if (first.done === true) {
      await close();
      const problem = this.#problems.list()[0]?.reason ?? 'no object with kind and apiVersion was found';
      return this.#fail(`holds no objects of Kubernetes: ${problem}`);
    }
    return {
      kind: 'cluster-dump',
      title: 'objects of a cluster',
      files: after(first.value, files),
      problems: () => this.#problems.list(),
      failure: () => undefined,
      close,
    };
  }

  #fail(reason: string): SourceError {
    return { error: { message: `${this.#input.name} ${reason}` } };
  }
}

function unpacked(format: Format, packed: ByteStream): ByteStream {
  if (format.kind === 'gzip' || format.kind === 'zstd') return unpack(format.kind, packed);
  return format.kind === 'xz' ? unpackXz(packed) : packed;
}

function asJson(stream: ByteStream): ByteStream {
  const { chunks, damage } = yamlToJson({ path: '', chunks: stream.chunks, damage: () => stream.cut() });
  return { chunks, cut: damage };
}

function whyNot(outer: Format, inner: Format, cut: string | undefined): string {
  if (outer.kind === 'empty') return `is empty${cut === undefined ? '' : `: ${cut}`}. ${EXPECTED}`;
  if (outer.kind === 'unsupported')
    return `is ${outer.what}, which is not read. Unpack it, or pack it as .tar.gz`;
  const isPacked = ['gzip', 'xz', 'zstd'].includes(outer.kind);
  if (!isPacked) return `is nothing that is known here${cut === undefined ? '' : ` (${cut})`}. ${EXPECTED}`;
  if (inner.kind === 'empty') return `can not be unpacked: ${cut ?? 'nothing is in it'}. Copy it again`;
  if (['gzip', 'xz', 'zstd', 'zip', 'unsupported'].includes(inner.kind)) {
    return 'is an archive inside another one. Unpack the outer one and give the inner';
  }
  return `holds neither a tar archive nor objects of Kubernetes${cut === undefined ? '' : ` (${cut})`}. ${EXPECTED}`;
}

/** All bytes, or undefined if there are more than allowed. */
async function spool(reader: ByteReader, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reader.stream(Number.POSITIVE_INFINITY)) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function* after(first: SnapshotFile, rest: AsyncIterable<SnapshotFile>): AsyncGenerator<SnapshotFile> {
  yield first;
  yield* rest;
}
