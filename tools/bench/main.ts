import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeEvidence } from '@netvet/testkit';
import { loadPack } from '../../packages/cli/src/catalogue.ts';
import { writeClusterArchive } from './archive.ts';
import { type Figure, formatFigures } from './figures.ts';
import { pairsFigures } from './pairs-figures.ts';
import { rulesFigures } from './rules-figures.ts';

const root = new URL('../../', import.meta.url).pathname;
const data = join(root, 'bench-data');
const SCALE = { nodes: 5000, pods: 150_000, services: 10_000, nodeKinds: 20 };

/** What the measuring scripts print. */
interface Measurement {
  readonly seconds: number;
  readonly peakMiB: number;
}

/** Others may use the machine as well, so the least of several runs counts. */
const RUNS = 3;

/** Runs a measurement several times, each in a process of its own, so that none sees another's heap. The least of each number. */
function measure<T extends object = Measurement>(script: string, ...words: readonly string[]): T {
  return leastOf(Array.from({ length: RUNS }, () => measureOnce<T>(script, words)));
}

/** Two measurements that are compared, in turn, so that the machine is the same for both. */
function measureInTurn(first: string, second: string, word: string): readonly [Measurement, Measurement] {
  const runs: { readonly first: Measurement; readonly second: Measurement }[] = [];
  for (let run = 0; run < RUNS; run++)
    runs.push({ first: measureOnce(first, [word]), second: measureOnce(second, [word]) });
  return [leastOf(runs.map((run) => run.first)), leastOf(runs.map((run) => run.second))];
}

/** The least that was measured of each number. */
function leastOf<T extends object>(runs: readonly T[]): T {
  const [first] = runs;
  if (first === undefined) throw new Error('nothing was measured');
  const least = new Map<string, number>();
  for (const run of runs) {
    for (const [name, value] of Object.entries(run))
      least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, Number(value)));
  }
  return { ...first, ...Object.fromEntries(least) };
}

function measureOnce<T>(script: string, words: readonly string[]): T {
  const result = spawnSync(
    process.execPath,
    ['--conditions=@netvet/source', '--expose-gc', join(root, 'tools/bench', script), ...words],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (result.status !== 0) throw new Error(`${script} failed with ${result.status ?? result.signal}`);
  return JSON.parse(result.stdout) as T;
}

/** CPU seconds (user and system) of a command, the least of several runs. */
function cpuSeconds(words: readonly string[], okCodes: readonly number[]): number {
  const times = Array.from({ length: 7 }, () => {
    const before = childCpu();
    const { status } = spawnSync(process.execPath, [...words], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status === null || !okCodes.includes(status))
      throw new Error(`${words.join(' ')} ended with ${status}`);
    return childCpu() - before;
  });
  return Math.min(...times);
}

/** CPU time of all finished children, from the kernel's account of this process; 100 ticks a second. */
function childCpu(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function writeNode(): Promise<string> {
  const folder = join(data, 'one-node');
  for (const [path, content] of nodeEvidence(1, SCALE.nodeKinds)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function main(): Promise<void> {
  const archive = join(data, `cluster-${SCALE.nodes}-${SCALE.pods}-${SCALE.services}.tar.gz`);
  process.stderr.write('generating a cluster …\n');
  await writeClusterArchive(archive, SCALE);
  process.stderr.write('measuring …\n');
  const [floor, load] = measureInTurn('measure-floor.ts', 'measure-load.ts', archive);
  const evaluation = measure('measure-evaluation.ts', String(SCALE.nodes), String(SCALE.nodeKinds));
  const command = join(root, 'packages/cli/bundle/netvet.js');
  const folder = await writeNode();
  const issues = (await loadPack(undefined)).issues.length;
  const figures: Figure[] = [
    {
      name: 'snapshot of 5,000 nodes, 150,000 pods, 10,000 services: time over floor',
      value: load.seconds / floor.seconds,
      unit: '×',
      limit: 2,
      note: `${load.seconds.toFixed(1)} s over ${floor.seconds.toFixed(1)} s`,
    },
    {
      name: 'the same: peak memory of the whole process',
      value: load.peakMiB / 1024,
      unit: 'GiB',
      limit: 1.5,
    },
    {
      name: '5,000 nodes that differ in 20 ways against the whole catalogue',
      value: evaluation.seconds,
      unit: 's',
      limit: 0.5,
      note: `${issues} issues`,
    },
    {
      name: 'netvet scan of one node directory, the whole process',
      value: cpuSeconds([command, 'scan', folder], [0, 3]),
      unit: 's CPU',
      limit: 0.6,
    },
    {
      name: 'netvet --help, the whole process',
      value: cpuSeconds([command, '--help'], [0]),
      unit: 's CPU',
      limit: 0.15,
    },
    ...(await rulesFigures(data, measure)),
    ...pairsFigures(measure),
  ];
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
  process.stdout.write(formatFigures(figures, machine, new Date().toISOString().slice(0, 10)));
}

await main();
