import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Basis, Verdict } from '@netvet/core';
import { parse } from 'yaml';

/** A case of a catalogue entry: evidence, and the verdict that must come out of it. */
export interface Case {
  readonly title: string;
  /** Paths of the evidence directory with their content. */
  readonly files: ReadonlyMap<string, string>;
  readonly expect: readonly Expectation[];
}

export interface Expectation {
  /** `node/n1`, `service/default/web`, `cluster` … */
  readonly subject: string;
  readonly verdict: Verdict;
  readonly basis?: Basis;
  /** Text that must stand in a remedy: proves that names are filled in. */
  readonly remedy?: string;
  /** Evidence that must be named: `nodes/n1/uname.txt:1`. */
  readonly evidence?: string;
}

interface CaseText {
  readonly title: string;
  /** Names of files in `cases/fragments/` of the catalogue whose evidence comes first. */
  readonly include?: readonly string[];
  readonly files?: Readonly<Record<string, FileText>>;
  readonly expect: readonly Expectation[];
}

/** Text as it is, JSON given as YAML, a file beside the case, or null: the included file is not there. */
type FileText =
  | string
  | null
  | { readonly capture: string }
  | Readonly<Record<string, unknown>>
  | readonly unknown[];

/**
 * Reads a case. Evidence is written inline: a string is the file's text, a map or list becomes JSON, and
 * `{ capture: name }` takes a file of the folder `captures` beside the case.
 */
export async function readCase(path: string, fragments: string): Promise<Case> {
  const text = parse(await readFile(path, 'utf8')) as CaseText;
  const files = new Map<string, string>();
  for (const name of text.include ?? []) {
    const fragment = parse(await readFile(join(fragments, `${name}.yaml`), 'utf8')) as Pick<
      CaseText,
      'files'
    >;
    await addFiles(files, fragment.files ?? {}, fragments);
  }
  await addFiles(files, text.files ?? {}, dirname(path));
  return { title: text.title, files, expect: text.expect };
}

async function addFiles(
  files: Map<string, string>,
  added: Readonly<Record<string, FileText>>,
  folder: string,
): Promise<void> {
  for (const [path, content] of Object.entries(added)) {
    if (content === null) files.delete(path);
    else if (typeof content === 'string') files.set(path, content);
    else if (isCapture(content))
      files.set(path, await readFile(join(folder, 'captures', content.capture), 'utf8'));
    else files.set(path, JSON.stringify(content));
  }
}

function isCapture(content: object): content is { readonly capture: string } {
  return Object.keys(content).length === 1 && typeof (content as { capture?: unknown }).capture === 'string';
}
