import { type Document, isMap, isScalar, type LineCounter, type Node } from 'yaml';

/** Something wrong in a catalogue file, with its place. Lines and columns count from 1. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** Which part of `key: value` a complaint is about. */
export type Part = 'key' | 'value';

/** Finds the place of a path in a YAML document: of its key or its value, or of the nearest parent that exists. */
export function placeOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: Path,
  part: Part,
): { line: number; column: number } {
  for (let length = path.length; length > 0; length--) {
    const steps = path.slice(0, length);
    const key = part === 'key' && length === path.length ? keyAt(document, steps) : undefined;
    const node = key ?? (document.getIn(steps, true) as Node | undefined);
    if (node?.range != null) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

function keyAt(document: Document.Parsed, path: Path): Node | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return isScalar(pair?.key) ? pair.key : undefined;
}

/** `issues/a/b/issue.yaml:12:5: message` */
export function formatComplaint({ file, line, column, message }: Complaint): string {
  return `${file}:${line}:${column}: ${message}`;
}
