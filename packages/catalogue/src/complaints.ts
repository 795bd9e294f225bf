import type { Document, LineCounter, Node } from 'yaml';

/** Something wrong in a catalogue file, with its place. Lines and columns count from 1. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** Finds the place of a path in a YAML document: of the value, or of the nearest parent that exists. */
export function placeOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: Path,
): { line: number; column: number } {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range != null) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

/** `issues/a/b/issue.yaml:12:5: message` */
export function formatComplaint({ file, line, column, message }: Complaint): string {
  return `${file}:${line}:${column}: ${message}`;
}
