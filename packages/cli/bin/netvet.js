#!/usr/bin/env node
// Runs the built command with the Node that is pinned in this project, where the system's own is too old for it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 24;
const main = new URL('../bundle/netvet.js', import.meta.url);

if (!existsSync(main)) {
  process.stderr.write('netvet: not built yet; run "npm run build"\n');
  process.exitCode = 2;
} else if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  await import(main);
} else {
  const pinned = [
    '../../../node_modules/.bin/node',
    '../../node_modules/.bin/node',
    '../node_modules/.bin/node',
  ]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (pinned === undefined) {
    process.stderr.write(`netvet: needs Node ${REQUIRED_MAJOR} or newer, this is ${process.versions.node}\n`);
    process.exitCode = 2;
  } else {
    const { status, signal } = spawnSync(pinned, [fileURLToPath(main), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    if (signal !== null) process.kill(process.pid, signal);
    process.exitCode = status ?? 1;
  }
}
