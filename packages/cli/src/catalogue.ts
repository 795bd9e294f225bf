import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { componentOf, type Issue, isAtLeast, type Pack, type Severity } from '@netvet/core';
import { UsageError } from './exit-codes.ts';

interface Filter {
  readonly severity?: Severity;
  readonly component?: readonly string[];
  readonly issue?: readonly string[];
  readonly catalogue?: string;
}

/** Loads the catalogue: the one that comes with netvet, or the one the user names. */
export async function loadPack(path: string | undefined): Promise<Pack> {
  if (path !== undefined) {
    const { readPack } = await import('@netvet/catalogue');
    const read = await readPack(path);
    if (!read.ok) throw new UsageError(`the catalogue ${path} can not be used:\n${read.messages.join('\n')}`);
    return read.pack;
  }
  // `npm run build` writes it.
  const own = fileURLToPath(import.meta.resolve('@netvet/catalogue/pack.json'));
  return JSON.parse(await readFile(own, 'utf8')) as Pack;
}

/** The issues that the filter options leave. An unknown id is an error that names similar ones. */
export function chooseIssues(issues: readonly Issue[], filter: Filter): readonly Issue[] {
  const wanted = filter.issue?.map((id) => issueById(issues, id).id);
  for (const component of filter.component ?? []) requireComponent(issues, component);
  return issues.filter(
    ({ id, severity, withdrawn }) =>
      withdrawn === undefined &&
      (wanted === undefined || wanted.includes(id)) &&
      (filter.component === undefined || filter.component.includes(componentOf(id))) &&
      (filter.severity === undefined || isAtLeast(severity, filter.severity)),
  );
}

function requireComponent(issues: readonly Issue[], component: string): void {
  const known = [...new Set(issues.map(({ id }) => componentOf(id)))].sort();
  if (known.includes(component)) return;
  throw new UsageError(`no issue has the component ${component}; there are ${known.join(', ')}`);
}

/** The issue with this id or alias. */
export function issueById(issues: readonly Issue[], id: string): Issue {
  const found = issues.find((issue) => issue.id === id || issue.aliases?.includes(id) === true);
  if (found !== undefined) return found;
  const slug = id.slice(id.indexOf('/') + 1);
  const similar = issues
    .filter((issue) => slug.length > 2 && issue.id.includes(slug))
    .map((issue) => issue.id);
  const hint =
    similar.length > 0 ? `; did you mean ${similar.slice(0, 3).join(', ')}?` : '; see netvet issues';
  throw new UsageError(`no issue has the id ${id}${hint}`);
}
