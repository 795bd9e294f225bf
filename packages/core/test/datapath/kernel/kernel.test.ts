import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeLab } from './build.ts';
import { disagreements, type RecordedLab } from './judge.ts';
import { runLab } from './lab.ts';
import { randomLab } from './random-lab.ts';
import { shrink } from './shrink.ts';
import { whyNot } from './why-not.ts';

/** Another seed, more labs, or larger ones: `NETVET_KERNEL_SEED=7 NETVET_KERNEL_LABS=100 vitest run …`. */
const SEED = Number(process.env.NETVET_KERNEL_SEED ?? 1);
const LABS = Number(process.env.NETVET_KERNEL_LABS ?? 20);
const PACKETS = Number(process.env.NETVET_KERNEL_PACKETS ?? 50);
/** A folder to write labs to, with what was seen, for machines that can not build them. */
const RECORD = process.env.NETVET_KERNEL_RECORD;
/** Shrinking builds a lab many times over. */
const TIMEOUT_MS = 600_000;

const prefix = `nvt${process.pid}-`;
const reason = whyNot(`${prefix}try`);

function record(name: string, lab: RecordedLab): void {
  if (RECORD !== undefined) writeFileSync(join(RECORD, `${name}.json`), `${JSON.stringify(lab, null, 1)}\n`);
}

/** The smallest lab that shows the first disagreement of a lab, as text; nothing where walk and kernel agree. */
async function findFault(seed: number): Promise<string | undefined> {
  const plan = randomLab(seed, PACKETS);
  const lab = await runLab(prefix, plan);
  record(`seed-${seed}`, lab);
  const found = await disagreements(lab);
  const [first] = found;
  if (first === undefined) return undefined;
  const shrunk = await shrink(prefix, plan, first);
  if (shrunk !== undefined) record(`shrunk-${seed}`, shrunk.lab);
  const { seen, said } = shrunk?.disagreement ?? first;
  const { places, parts } = shrunk?.lab.plan ?? plan;
  const setup = parts.map(({ at, tool, table, text }) => [at, tool, table, text].join(' '));
  const shown = { packets: found.length, places: places.map(({ name }) => name), setup, seen, said };
  return JSON.stringify(shown, null, 1);
}

describe.skipIf(reason !== undefined)(
  `the walk agrees with this kernel${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    afterAll(() => removeLab(prefix));

    it.each(Array.from({ length: LABS }, (_, index) => SEED * 1000 + index))(
      'lab %i',
      async (seed) => {
        expect(await findFault(seed)).toBeUndefined();
      },
      TIMEOUT_MS,
    );
  },
);
