import { readFileSync } from 'node:fs';
import { CAUSE_IDS } from '@netvet/core';
import { expect, it } from 'vitest';

it('every cause of a diagnosis is in the table of docs/diagnose.md, and no other', () => {
  const text = readFileSync(new URL('../../docs/diagnose.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, cause]) => cause);
  expect(named.toSorted()).toEqual([...CAUSE_IDS].toSorted());
});
