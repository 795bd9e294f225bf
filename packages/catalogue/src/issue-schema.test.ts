import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { issueSchema } from './issue-schema.ts';

it('issue.schema.json is what the code says; npm run build writes it', () => {
  const file = new URL('../issue.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(issueSchema())));
});
