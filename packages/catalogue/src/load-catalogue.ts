import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issue } from '@netvet/core';
import type { Complaint } from './complaints.ts';
import { loadIssue } from './load-issue.ts';

export interface LoadedCatalogue {
  /** In order of id. */
  readonly issues: readonly Issue[];
  readonly complaints: readonly Complaint[];
}

/** Reads every `<component>/<slug>/issue.yaml` below a folder and checks that ids and aliases are used once. */
export async function loadCatalogue(folder: string): Promise<LoadedCatalogue> {
  const issues: Issue[] = [];
  const complaints: Complaint[] = [];
  for (const id of await issueIds(folder)) {
    const file = join(folder, id, 'issue.yaml');
    const loaded = loadIssue(id, file, await readFile(file, 'utf8'));
    if (loaded.ok) issues.push(loaded.issue);
    else complaints.push(...loaded.complaints);
  }
  return { issues, complaints: [...complaints, ...nameComplaints(folder, issues)] };
}

async function issueIds(folder: string): Promise<readonly string[]> {
  const components = await folders(folder);
  const ids = await Promise.all(
    components.map(async (component) =>
      (await folders(join(folder, component))).map((slug) => `${component}/${slug}`),
    ),
  );
  return ids.flat().sort();
}

async function folders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function nameComplaints(folder: string, issues: readonly Issue[]): Complaint[] {
  const owners = new Map(issues.map(({ id }) => [id, id]));
  const complaints: Complaint[] = [];
  const complain = (id: string, message: string): void => {
    complaints.push({ file: join(folder, id, 'issue.yaml'), line: 1, column: 1, message });
  };
  for (const { id, aliases = [] } of issues) {
    for (const alias of aliases) {
      const owner = owners.get(alias);
      if (owner !== undefined) complain(id, `the alias ${alias} already belongs to ${owner}`);
      owners.set(alias, id);
    }
  }
  for (const { id, conflicts = [] } of issues) {
    for (const other of conflicts)
      if (!owners.has(other)) complain(id, `the conflicting issue ${other} does not exist`);
  }
  return complaints;
}
