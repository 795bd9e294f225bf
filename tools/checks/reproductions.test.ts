import { REPRODUCTIONS } from '@netvet/lab';
import { expect, it } from 'vitest';
import { loadPack } from '../../packages/cli/src/catalogue.ts';

it('entries and reproductions name each other', async () => {
  const { issues } = await loadPack(undefined);
  const named = issues.flatMap(({ id, reproduction }) =>
    reproduction === undefined ? [] : [`${id} ${reproduction}`],
  );
  const shown = REPRODUCTIONS.flatMap(({ name, issues: ids }) => ids.map((id) => `${id} ${name}`));
  expect(shown.length).toBeGreaterThan(5);
  expect(named.sort()).toEqual(shown.sort());
});
