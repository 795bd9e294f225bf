import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type Tags,
  visit,
} from 'yaml';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { reportRepeatedKeys } from './repeated-keys.ts';

/** One document of a YAML text, as plain JSON-like values. */
export interface YamlDocument {
  /** Objects, arrays, strings, numbers, booleans and null. */
  readonly value: unknown;
  /**
   * The line of the key or list item at a path from the root, `['spec', 'ports', 0]`; `undefined` when nothing is there.
   * The empty path gives the line where the document's content starts.
   */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/** More than any Kubernetes object or configuration file may hold; such a text is refused rather than half read. */
export const YAML_SIZE_LIMIT = 2 * 1024 * 1024;

/** How often the nodes behind an anchor may be repeated; stops "billion laughs" documents. */
const REPETITION_LIMIT = 100;

/** Each alias is searched among all anchors of the document, which takes seconds when there are tens of thousands. */
const ALIAS_LIMIT = 1000;

/**
 * Reads YAML as Kubernetes components do.
 *
 * ```yaml
 * mode: ipvs
 * conntrack:
 *   maxPerCore: 0
 * ```
 * gives one document with the value `{ mode: 'ipvs', conntrack: { maxPerCore: 0 } }` whose `lineOf(['conntrack', 'maxPerCore'])` is 3.
 *
 * A document with a syntax error is left out and becomes a problem with its line; so does one with too many aliases.
 * Empty documents are left out. A key that stands twice has its last value and is a problem as well.
 */
export function parseYamlDocuments(text: string): Parsed<readonly YamlDocument[]> {
  const problems = new ProblemLog();
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    problems.add({ line: lineAt(text, nul) }, 'NUL bytes in a YAML text');
    return { value: [], problems: problems.list() };
  }
  if (text.length > YAML_SIZE_LIMIT) {
    problems.add({}, `larger than ${YAML_SIZE_LIMIT} characters, not read as YAML`);
    return { value: [], problems: problems.list() };
  }
  try {
    return { value: readDocuments(text, problems), problems: problems.list() };
  } catch (error) {
    // The reader works recursively: nesting tens of thousands deep ends its stack.
    problems.add({}, `not readable as YAML: ${error instanceof Error ? error.message : String(error)}`);
    return { value: [], problems: problems.list() };
  }
}

function readDocuments(text: string, problems: ProblemLog): readonly YamlDocument[] {
  const lines = new LineCounter();
  const lineOfOffset = (offset: number): number => lines.linePos(offset).line;
  const parsed = parseAllDocuments<ParsedNode>(text, {
    // Components read YAML 1.1 (sigs.k8s.io/yaml), where `yes` and `on` are booleans.
    version: '1.1',
    customTags: tagsOfGoYaml,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    // Compares each key with each other key of its mapping; repeated keys are found below.
    uniqueKeys: false,
  });
  const documents: YamlDocument[] = [];
  // With nothing but directives there is no document that could hold an error.
  if ('empty' in parsed && /^%/m.test(text)) problems.add({}, 'YAML directives without a document');
  for (const document of parsed) {
    reportMessages(document, lineOfOffset, problems);
    if (document.errors.length > 0 || document.contents === null) continue;
    if (isEmpty(document.contents)) continue;
    reportRepeatedKeys(document.contents, lineOfOffset, problems);
    const value = readValue(document, lineOfOffset, problems);
    if (value === undefined) continue;
    documents.push({ value, lineOf: (path) => lineOfPath(document, path, lineOfOffset) });
  }
  return documents;
}

function reportMessages(
  { errors, warnings }: Pick<Document.Parsed, 'errors' | 'warnings'>,
  lineOfOffset: (offset: number) => number,
  problems: ProblemLog,
): void {
  for (const { pos, message } of warnings) problems.add({ line: lineOfOffset(pos[0]) }, firstLine(message));
  for (const { pos, message } of errors) {
    problems.add({ line: lineOfOffset(pos[0]) }, `YAML syntax: ${firstLine(message)}`);
  }
}

/**
 * YAML 1.1 as the Go library reads it into JSON: times stay text, and `1:30` is not a number of seconds
 * (https://github.com/go-yaml/yaml/blob/v2/resolve.go). Collections with a tag of their own do not occur.
 */
function tagsOfGoYaml(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return true;
    if (tag.format === 'TIME') return false;
    return !/:(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag);
  });
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}

function readValue(
  document: Document.Parsed<ParsedNode>,
  lineOfOffset: (offset: number) => number,
  problems: ProblemLog,
): unknown {
  if (hasTooManyAliases(document)) {
    problems.add(
      { line: lineOfOffset(document.range[0]) },
      `YAML document refused: more than ${ALIAS_LIMIT} aliases`,
    );
    return undefined;
  }
  try {
    return document.toJS({ maxAliasCount: REPETITION_LIMIT }) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    problems.add({ line: lineOfOffset(document.range[0]) }, `YAML document refused: ${firstLine(message)}`);
    return undefined;
  }
}

function hasTooManyAliases(document: Document.Parsed<ParsedNode>): boolean {
  let aliases = 0;
  visit(document, { Alias: () => (++aliases > ALIAS_LIMIT ? visit.BREAK : undefined) });
  return aliases > ALIAS_LIMIT;
}

function lineOfPath(
  document: Document.Parsed<ParsedNode>,
  path: readonly (string | number)[],
  lineOfOffset: (offset: number) => number,
): number | undefined {
  let node: Node | null = document.contents;
  let place: Node | null = node;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.findLast((item) => keyText(item.key) === String(step));
      if (pair === undefined) return undefined;
      place = isNode(pair.key) ? pair.key : null;
      node = isNode(pair.value) ? pair.value : null;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined || isPair(item)) return undefined;
      node = isNode(item) ? item : null;
      place = node;
    } else {
      return undefined;
    }
  }
  const offset = place?.range?.[0];
  return offset === undefined ? undefined : lineOfOffset(offset);
}

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function firstLine(message: string): string {
  const end = message.indexOf('\n');
  return end < 0 ? message : message.slice(0, end);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
