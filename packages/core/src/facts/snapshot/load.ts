import type { CoverageItem, ProbeStatus } from '../../model/coverage.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Subject } from '../../model/subject.ts';
import type { ContainerLog } from '../reader.ts';
import { concatBytes, decodeText, TEXT_LIMIT } from './decode.ts';
import { type FileRole, LONE_NODE, roleOf } from './layout.ts';
import { readManifest } from './manifest.ts';
import { ObjectLoader } from './object-loader.ts';
import { probeFileOf } from './probe-files.ts';
import { ProbeParser, ProbeSet } from './probe-set.ts';
import type { NodeEvidence, Snapshot } from './snapshot.ts';

/** A file of an evidence directory or archive, in the layout of contract section 2. */
export interface SnapshotFile {
  /** Path from the root of the snapshot: tells what the file is. */
  readonly path: string;
  /** Path that evidence shows, where it differs: bundles of other tools have other layouts. */
  readonly shownAs?: string;
  /** JSON pointer of the object inside the file shown, where the chunks are one object of a list. */
  readonly pointer?: string;
  /** Why the cluster may have objects of this resource that no file holds; each file itself is whole. */
  readonly partial?: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Why the bytes are not the whole file; asked after the last chunk. */
  readonly damage?: () => string | undefined;
}

export interface LoadOptions {
  /** Called with the number of files and bytes read so far. */
  readonly onProgress?: (files: number, bytes: number) => void;
  /** Damage of the source as a whole, such as an archive that ends too early; added to the coverage. */
  readonly sourceProblems?: () => readonly { readonly file: string; readonly reason: string }[];
}

/** Reads all files of a source, parses them once, and keeps what was understood. Bad files never throw. */
export async function loadSnapshot(
  files: AsyncIterable<SnapshotFile> | Iterable<SnapshotFile>,
  options: LoadOptions = {},
): Promise<Snapshot> {
  const loading = new Loading(options);
  for await (const file of files) await loading.take(file);
  return loading.finish();
}

interface OpenNode {
  readonly name: string;
  readonly directory: string;
  readonly host: ProbeSet;
  readonly namespaces: Map<string, ProbeSet>;
}

class Loading {
  readonly #options: LoadOptions;
  readonly #objects: ObjectLoader;
  readonly #parser = new ProbeParser();
  readonly #nodes = new Map<string, OpenNode>();
  readonly #logs: ContainerLog[] = [];
  readonly #coverage: CoverageItem[] = [];
  readonly #paths = new Set<string>();
  readonly #taken = new Set<string>();
  readonly #shownPaths = new Map<string, string>();
  readonly #partial = new Set<string>();
  #manifest: Manifest | undefined;
  #files = 0;
  #bytes = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#objects = new ObjectLoader((resource, file, { pointer, line, reason, text }) => {
      const place = pointer === undefined || pointer === '' ? '' : `${pointer}: `;
      this.#damaged(
        CLUSTER,
        resource,
        file,
        `${place}${reason}${text === undefined ? '' : `: ${text}`}`,
        line,
      );
    });
  }

  async take(file: SnapshotFile): Promise<void> {
    const role = roleOf(file.path);
    const key = `${file.path}\n${shown(file)}\n${file.pointer ?? ''}`;
    this.#files++;
    if (this.#taken.has(key)) {
      this.#damaged(
        CLUSTER,
        file.path,
        shown(file),
        'a second file of the same name; only the first is used',
      );
      await this.#skip(file);
    } else if (role.kind === 'cluster') await this.#takeObjects(file, role.resource);
    else if (isUsed(role)) await this.#takeText(file, role);
    else {
      // A node is there even if nothing of it can be used.
      if (role.kind === 'probe') this.#probeSet(role);
      this.#unknown(role.kind === 'probe' ? nodeSubject(role) : CLUSTER, shown(file));
      await this.#skip(file);
    }
    this.#taken.add(key);
    this.#paths.add(file.path);
    if (file.shownAs !== undefined) this.#shownPaths.set(file.path, file.shownAs);
    this.#options.onProgress?.(this.#files, this.#bytes);
  }

  async #skip(file: SnapshotFile): Promise<void> {
    for await (const chunk of file.chunks) this.#bytes += chunk.length;
  }

  async #takeObjects(file: SnapshotFile, resource: string): Promise<void> {
    const open = this.#objects.open(resource, shown(file), file.pointer);
    for await (const chunk of file.chunks) {
      this.#bytes += chunk.length;
      open.push(chunk);
    }
    open.end(file.damage?.());
    if (file.partial !== undefined) {
      open.markPartial();
      this.#reportPartial(resource, shown(file), file.partial);
    }
  }

  /** Once for each reason: bundles have a file for each namespace. */
  #reportPartial(resource: string, file: string, reason: string): void {
    const key = `${resource}\n${reason}`;
    if (this.#partial.has(key)) return;
    this.#partial.add(key);
    this.#coverage.push({ subject: CLUSTER, probe: resource, status: 'truncated', file, reason });
  }

  async #takeText(file: SnapshotFile, role: FileRole): Promise<void> {
    const pieces: Uint8Array[] = [];
    let kept = 0;
    for await (const chunk of file.chunks) {
      this.#bytes += chunk.length;
      // The decoder says that there was more.
      if (kept <= TEXT_LIMIT) pieces.push(chunk);
      kept += chunk.length;
    }
    const decoded = decodeText(concatBytes(pieces));
    const damage = file.damage?.() ?? decoded.damage;
    const source = { path: shown(file), text: decoded.text, ...(damage === undefined ? {} : { damage }) };
    if (role.kind === 'manifest') this.#takeManifest(source);
    else if (role.kind === 'probe') this.#takeProbe(role, source);
    else if (role.kind === 'log') {
      const { kind, ...name } = role;
      this.#logs.push({ ...name, file: source.path, text: source.text });
      if (damage !== undefined) this.#damaged(CLUSTER, 'logs', source.path, damage);
    }
  }

  #takeManifest({ path, text }: { path: string; text: string }): void {
    const { manifest, problem } = readManifest(text);
    if (problem !== undefined) this.#damaged(CLUSTER, 'manifest', path, problem);
    this.#manifest = manifest;
  }

  #takeProbe(
    role: FileRole & { kind: 'probe' },
    source: { path: string; text: string; damage?: string },
  ): void {
    const set = this.#probeSet(role);
    const subject = nodeSubject(role);
    const found = probeFileOf(role.file);
    if (found === undefined) return;
    const { probe, member, json } = found;
    const read = this.#parser.parse(probe, json, role.file, source, (item) =>
      this.#coverage.push({ subject, ...item }),
    );
    set.add(probe, member, read, json);
  }

  #probeSet({ node: name, netns, file }: { node: string; netns?: string; file: string }): ProbeSet {
    let node = this.#nodes.get(name);
    if (node === undefined) {
      const directory = name === LONE_NODE ? `${LONE_NODE}/` : `nodes/${name}/`;
      node = { name, directory, host: new ProbeSet(), namespaces: new Map() };
      this.#nodes.set(name, node);
    }
    if (netns === undefined || file === '') return node.host;
    let set = node.namespaces.get(netns);
    if (set === undefined) {
      set = new ProbeSet();
      node.namespaces.set(netns, set);
    }
    return set;
  }

  /** Attempts that gave no file: they settle nothing, but say why not. */
  #takeAttempts(manifest: Manifest): void {
    for (const { path, status, message } of manifest.entries) {
      const role = roleOf(path);
      if (status === 'truncated' && this.#paths.has(path)) {
        this.#markPartial(role);
        this.#coverage.push(attempt(role, path, status, message));
        continue;
      }
      // A file that is `redacted` and not there was left out, because secrets could not be taken out for sure.
      if (this.#paths.has(path) || status === 'ok') continue;
      if (role.kind === 'probe') this.#takeAttempt(role, path, status);
      this.#coverage.push(attempt(role, path, status, message));
    }
  }

  /** Something is missing at the end of a file: what is not in it may still be there. */
  #markPartial(role: FileRole): void {
    if (role.kind === 'cluster') this.#objects.markPartial(role.resource);
    if (role.kind !== 'probe') return;
    const found = probeFileOf(role.file);
    if (found !== undefined) this.#probeSet(role).markPartial(found.probe, found.member, role.file);
  }

  #takeAttempt(role: FileRole & { kind: 'probe' }, path: string, status: ProbeStatus): void {
    const found = probeFileOf(role.file);
    if (found === undefined) return;
    if (status === 'empty') this.#takeProbe(role, { path, text: '' });
    else this.#probeSet(role).addStatus(found.probe, found.member, status);
  }

  #damaged(subject: Subject, probe: string, file: string, reason: string, line?: number): void {
    this.#coverage.push({
      subject,
      probe,
      status: 'damaged',
      file,
      ...(line === undefined ? {} : { line }),
      reason,
    });
  }

  #unknown(subject: Subject, file: string): void {
    this.#coverage.push({
      subject,
      probe: file,
      status: 'unknown-file',
      file,
      reason: 'no probe makes such a file',
    });
  }

  finish(): Snapshot {
    const manifest = this.#manifest;
    if (manifest !== undefined) this.#takeAttempts(manifest);
    for (const { file, reason } of this.#options.sourceProblems?.() ?? []) {
      this.#damaged(CLUSTER, file, file, reason);
    }
    const nodes: NodeEvidence[] = [...this.#nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      ...(manifest === undefined ? {} : { manifest, takenAt: manifest.takenAt }),
      ...(manifest?.cluster === undefined ? {} : { cluster: manifest.cluster }),
      nodes,
      objects: this.#objects.lists(),
      logs: this.#logs.sort((a, b) => (a.file < b.file ? -1 : 1)),
      shownPaths: this.#shownPaths,
      coverage: this.#coverage,
    };
  }
}

const CLUSTER: Subject = { kind: 'cluster', name: 'cluster' };

/** Whether anything reads such a file. What nobody reads is not held in memory, however large it is. */
function isUsed(role: FileRole): boolean {
  return role.kind === 'probe' ? probeFileOf(role.file) !== undefined : role.kind !== 'unknown';
}

function shown({ path, shownAs }: SnapshotFile): string {
  return shownAs ?? path;
}

function nodeSubject({ node, netns }: { node: string; netns?: string }): Subject {
  return netns === undefined ? { kind: 'node', name: node } : { kind: 'pod', name: netns.replace('_', '/') };
}

function attempt(
  role: FileRole,
  path: string,
  status: ProbeStatus,
  message: string | undefined,
): CoverageItem {
  const subject = role.kind === 'probe' ? nodeSubject(role) : CLUSTER;
  const name = role.kind === 'probe' ? (probeFileOf(role.file)?.probe.id ?? path) : path;
  const place = role.kind === 'cluster' ? role.resource : name;
  return { subject, probe: place, status, file: path, ...(message === undefined ? {} : { reason: message }) };
}
