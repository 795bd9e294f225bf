import { afterAll, describe, expect, it } from 'vitest';
import { removeLab } from './build.ts';
import { disagreements } from './judge.ts';
import { runLab } from './lab.ts';
import { randomLab } from './random-lab.ts';
import { whyNot } from './why-not.ts';

/** Another seed, more labs, or larger ones: `NETVET_KERNEL_SEED=7 NETVET_KERNEL_LABS=100 vitest run …`. */
const SEED = Number(process.env.NETVET_KERNEL_SEED ?? 1);
const LABS = Number(process.env.NETVET_KERNEL_LABS ?? 20);
const PACKETS_PER_LAB = 50;

const prefix = `nvt${process.pid}-`;
const reason = whyNot(`${prefix}try`);

describe.skipIf(reason !== undefined)(
  `the walk agrees with this kernel${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    afterAll(() => removeLab(prefix));

    it.each(Array.from({ length: LABS }, (_, index) => SEED * 1000 + index))('lab %i', async (seed) => {
      const lab = await runLab(prefix, randomLab(seed, PACKETS_PER_LAB));
      expect(await disagreements(lab)).toEqual([]);
    });
  },
);
