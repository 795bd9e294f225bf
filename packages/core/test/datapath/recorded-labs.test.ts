import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { disagreements, type RecordedLab } from './kernel/judge.ts';

const folder = new URL('__fixtures__/labs/', import.meta.url);

/** Labs that a real kernel ran, for machines on which labs can not be built; small ones stood against the walk once. */
it.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s', async (name) => {
  const lab = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as RecordedLab;
  expect(await disagreements(lab)).toEqual([]);
});
