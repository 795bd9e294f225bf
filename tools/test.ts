import { spawnSync } from 'node:child_process';

/** Every check of the project, in the order in which a mistake shows soonest. `npm test -- --only vitest` runs one. */
const STEPS: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'system packages', command: ['sh', 'tools/install-system-packages.sh'] },
  { name: 'test kernel', command: ['sh', 'tools/fetch-kernel.sh'] },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'format and lint', command: ['biome', 'check', '.'] },
  { name: 'unused code', command: ['knip'] },
  {
    name: 'tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=./tools/summary-reporter.ts'],
  },
];

const failed: string[] = [];
for (const { name, command } of STEPS) {
  const [program = '', ...words] = command;
  process.stdout.write(`\n== ${name}\n`);
  const { status, error } = spawnSync(program, words, { stdio: 'inherit' });
  if (error !== undefined) process.stdout.write(`${program}: ${error.message}\n`);
  if (status !== 0) failed.push(name);
  // Later steps need what the build makes.
  if (status !== 0 && name === 'build') break;
}

if (failed.length > 0) {
  process.stdout.write(`\nfailed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
