import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from './ordered.ts';

describe('inOrder', () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const tasks = Array.from({ length: 20 }, (_, index) => async () => {
      running++;
      most = Math.max(most, running);
      for (let turns = 20 - index; turns > 0; turns--) await setImmediate();
      running--;
      return index;
    });
    const results: number[] = [];
    for await (const result of inOrder(tasks, 3)) results.push(result);
    expect(results).toEqual(tasks.map((_, index) => index));
    expect(most).toBe(3);
  });
});
