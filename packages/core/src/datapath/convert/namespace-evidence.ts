import type { NodeEvidence } from '../../facts/snapshot/snapshot.ts';
import type { Evidence, Place } from '../../model/evidence.ts';
import type { AnyProbe, Probe } from '../../probes/probe.ts';

/** What one network namespace of one node left behind. */
export interface NamespaceEvidence {
  /** A probe's value with the file it stands in; undefined where it was not collected. */
  read<T>(probe: Probe<T>): Collected<T> | undefined;
  /** Where the probe's file would be. */
  pathOf(probe: AnyProbe): string;
}

export interface Collected<T> {
  readonly value: T;
  /** From the root of the snapshot. */
  readonly file: string;
  /** False where the file was cut or a part was not understood. */
  readonly complete: boolean;
  /** Whether the last line of a text has no end, so that it may be cut there. */
  readonly endsMidLine: boolean;
}

/** The evidence of a namespace by its name; the empty name is the host's own. */
export function namespaceEvidence(node: NodeEvidence, name: string): NamespaceEvidence {
  const probes = name === '' ? node.host : node.namespaces.get(name);
  const directory = name === '' ? node.directory : `${node.directory}netns/${name}/`;
  return {
    read(probe) {
      const read = probes?.read(probe, '');
      if (read === undefined || read.state === 'missing') return undefined;
      const { value, file, complete, endsMidLine = false } = read;
      return { value, file: `${directory}${file}`, complete, endsMidLine };
    },
    pathOf: (probe) => `${directory}${probe.file}`,
  };
}

/** Where a record stands. */
export function placeIn(file: string, record: Place): Evidence {
  return {
    file,
    ...(record.line === undefined ? {} : { line: record.line }),
    ...(record.pointer === undefined ? {} : { pointer: record.pointer }),
  };
}
