import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './figures.ts';
import { type RulesScale, serviceRules } from './service-rules.ts';

const SCALE: RulesScale = { services: 30_000, endpoints: 5 };

interface RulesMeasurement {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly medianMilliseconds: number;
}

type Measure = (script: string, ...words: readonly string[]) => RulesMeasurement;

/** A large dump of rules: reading it beside what iptables itself needs for the same file, and packets through it. */
export async function rulesFigures(folder: string, measure: Measure): Promise<readonly Figure[]> {
  const full = await measureRules(folder, SCALE, measure);
  const third = await measureRules(folder, { ...SCALE, services: SCALE.services / 3 }, measure);
  const restore = restoreSeconds(full.file);
  const own = `${full.seconds.toFixed(2)} s`;
  const name = 'iptables-save of 690,000 lines read and indexed';
  return [
    restore === undefined
      ? { name: `${name} (iptables-legacy-restore is not here)`, value: full.seconds, unit: 's', limit: 1.5 }
      : {
          name: `${name}: time over iptables-legacy-restore --test`,
          value: full.seconds / restore,
          unit: '×',
          limit: 0.6,
          note: `${own} over ${restore.toFixed(2)} s`,
        },
    { name: 'the same: peak memory of the whole process', value: full.peakMiB, unit: 'MiB', limit: 700 },
    {
      name: 'the same: time for a line, over that of a third of the lines',
      value: full.seconds / 3 / third.seconds,
      unit: '×',
      limit: 1.2,
    },
    {
      name: 'the same: a trace to a service, 5 ways, median',
      value: full.medianMilliseconds,
      unit: 'ms',
      limit: 0.2,
    },
  ];
}

async function measureRules(
  folder: string,
  scale: RulesScale,
  measure: Measure,
): Promise<RulesMeasurement & { readonly file: string }> {
  const file = join(folder, `rules-${scale.services}-${scale.endpoints}.txt`);
  await writeFile(file, [...serviceRules(scale)].join(''));
  return { file, ...measure('measure-rules.ts', file, String(scale.services)) };
}

/** The least of several runs, each in a network namespace of its own; undefined where it can not be run. */
function restoreSeconds(file: string): number | undefined {
  const times = [1, 2, 3].map(() => restoreOnce(file)).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function restoreOnce(file: string): number | undefined {
  const start = performance.now();
  const { status } = spawnSync('unshare', ['-n', 'iptables-legacy-restore', '--test'], {
    stdio: [openSync(file, 'r'), 'ignore', 'ignore'],
  });
  return status === 0 ? (performance.now() - start) / 1000 : undefined;
}
