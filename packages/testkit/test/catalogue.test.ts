import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatComplaint, loadCatalogue } from '@netvet/catalogue';
import type { Finding, Issue, Subject } from '@netvet/core';
import { describe, expect, it } from 'vitest';
import {
  bordersOf,
  type Case,
  type Expectation,
  evaluateFiles,
  givenVersion,
  readCase,
  removals,
  reorderings,
} from '../src/index.ts';

const catalogueFolder = new URL('../../catalogue/', import.meta.url).pathname;
const issuesFolder = join(catalogueFolder, 'issues');
const fragments = join(catalogueFolder, 'fragments');
const { issues, complaints } = await loadCatalogue(issuesFolder);

it('every entry is well formed', () => {
  expect(complaints.map(formatComplaint)).toEqual([]);
});

describe.each(issues.map((issue) => [issue.id, issue] as const))('%s', (id, issue) => {
  const folder = join(issuesFolder, id, 'cases');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];

  it.each(['positive', 'negative', 'unknown'])('has a %s case', (kind) => {
    expect(files.some((file) => file.startsWith(`${kind}-`))).toBe(true);
  });

  describe.each(files)('%s', (file) => {
    it('gives the expected verdicts, in any order of the evidence', async () => {
      const one = await readCase(join(folder, file), fragments);
      expect(one.expect.length).toBeGreaterThan(0);
      await check(issue, one, one.files);
      for (const variation of reorderings(one)) await check(issue, one, variation.files, variation.name);
    });

    it('never turns into not-affected when evidence is missing', async () => {
      const one = await readCase(join(folder, file), fragments);
      const decided = one.expect.filter(({ verdict }) => verdict !== 'not-affected');
      for (const { name, files: rest } of decided.length > 0 ? removals(one) : []) {
        const { findings } = await evaluateFiles(rest, [issue]);
        for (const { subject } of decided) {
          const finding = findings.find((candidate) => nameOf(candidate.subject) === subject);
          expect(finding?.verdict, `${subject} ${name}`).not.toBe('not-affected');
        }
        expect(findings.length, name).toBeGreaterThan(0);
      }
    });
  });

  it('flips at every version border', async () => {
    const borders = bordersOf(issue);
    const positive = files.find((file) => file.startsWith('positive-'));
    if (borders.length === 0 || positive === undefined) return;
    const one = await readCase(join(folder, positive), fragments);
    const [wanted] = one.expect.filter(({ verdict }) => verdict === 'affected');
    const inferred = { ...issue };
    // The defect itself, where it is seen, outranks every version.
    delete (inferred as { observed?: unknown }).observed;
    for (const border of borders) {
      const { findings } = await evaluateFiles(one.files, [inferred], givenVersion(border));
      const verdicts = new Set(findings.map(({ verdict }) => verdict));
      const name = `${border.of} ${border.text} for ${wanted?.subject}`;
      if (border.inside) expect(verdicts.has('affected') || verdicts.has('mitigated'), name).toBe(true);
      else expect([...verdicts], name).toEqual(['not-affected']);
    }
  });
});

async function check(
  issue: Issue,
  one: Case,
  files: Iterable<readonly [string, string]>,
  variation = 'as written',
): Promise<void> {
  const { findings } = await evaluateFiles(files, [issue]);
  for (const expected of one.expect) expectFinding(findings, expected, variation);
}

function expectFinding(findings: readonly Finding[], expected: Expectation, variation: string): void {
  const seen = findings.map(({ subject, verdict }) => `${nameOf(subject)} ${verdict}`).join(', ');
  const finding = findings.find(({ subject }) => nameOf(subject) === expected.subject);
  const where = `${expected.subject}, ${variation} (found: ${seen})`;
  expect(finding?.verdict, `verdict of ${where}: ${JSON.stringify(finding?.because, null, 1)}`).toBe(
    expected.verdict,
  );
  if (expected.basis !== undefined) expect(finding?.basis, `basis of ${where}`).toBe(expected.basis);
  if (expected.verdict === 'unknown') expect(finding?.missing, `missing of ${where}`).not.toEqual([]);
  else expect(finding?.because, `proof of ${where}`).not.toEqual([]);
  if (expected.remedy !== undefined) expect(JSON.stringify(finding?.remedies)).toContain(expected.remedy);
  if (expected.evidence !== undefined) expect(placesOf(finding), where).toContain(expected.evidence);
}

function placesOf(finding: Finding | undefined): readonly string[] {
  const evidence = finding?.because.flatMap((reason) => reason.evidence) ?? [];
  return evidence.map(
    ({ file, line, pointer }) => `${file}${line === undefined ? (pointer ?? '') : `:${line}`}`,
  );
}

function nameOf({ kind, name }: Subject): string {
  return kind === 'cluster' ? 'cluster' : `${kind}/${name}`;
}
