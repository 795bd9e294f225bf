import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/** The identity of the operating system of a host. A field that the file does not have is absent. */
export interface OsRelease {
  /** `ID`, for example `rhel`, `ubuntu`, `amzn`. */
  readonly id?: string;
  /** `ID_LIKE`, the closest relative first. */
  readonly idLike: readonly string[];
  readonly versionId?: string;
  readonly name?: string;
  readonly prettyName?: string;
  readonly variantId?: string;
  /** `VERSION_CODENAME`. */
  readonly codename?: string;
  /** Every assignment of the file, unquoted; the last one of a name wins, as in a shell. */
  readonly fields: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
}

const ASSIGNMENT = /^\s*([A-Za-z_][A-Za-z0-9_]{0,200})=(.*)$/;

/**
 * Reads `/etc/os-release`.
 *
 * ```text
 * ID="rocky"
 * ID_LIKE="rhel centos fedora"
 * VERSION_ID="9.3"
 * ```
 * gives `{ id: 'rocky', idLike: ['rhel', 'centos', 'fedora'], versionId: '9.3', fields: … }`.
 */
export function parseOsRelease(text: string): Parsed<OsRelease> {
  const problems = new ProblemLog();
  const fields = new Map<string, { value: string; line: number }>();
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    if (line.trimStart().startsWith('#')) continue;
    const [, name, rest] = ASSIGNMENT.exec(line) ?? [];
    const value = rest === undefined ? undefined : unquote(rest.trim());
    if (name === undefined || value === undefined) {
      problems.add({ line: number }, 'not an assignment NAME=value', line);
      continue;
    }
    fields.set(name, { value, line: number });
  }
  const field = <K extends string>(key: K, name: string): { [P in K]?: string } => {
    const value = fields.get(name)?.value;
    return (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: string };
  };
  return {
    value: {
      ...field('id', 'ID'),
      idLike: (fields.get('ID_LIKE')?.value ?? '').split(/\s+/).filter((id) => id !== ''),
      ...field('versionId', 'VERSION_ID'),
      ...field('name', 'NAME'),
      ...field('prettyName', 'PRETTY_NAME'),
      ...field('variantId', 'VARIANT_ID'),
      ...field('codename', 'VERSION_CODENAME'),
      fields,
    },
    problems: problems.list(),
  };
}

/** The value a shell would assign; `undefined` when the quotes do not match. */
function unquote(text: string): string | undefined {
  const quote = text[0];
  if (quote === "'")
    return text.indexOf("'", 1) === text.length - 1 && text.length > 1 ? text.slice(1, -1) : undefined;
  if (quote === '"') {
    const [whole, inner] = /^"((?:[^"\\]|\\.)*)"$/.exec(text) ?? [];
    return whole === undefined ? undefined : (inner ?? '').replace(/\\(["$\\`])/g, '$1');
  }
  return /["'\s]/.test(text) ? undefined : text;
}
