import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Limits, runCommand } from './run-command.ts';

const LIMITS: Limits = { timeoutMs: 20_000, maxBytes: 1_000_000 };
const PATH = ['/usr/bin', '/bin'];

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'netvet-run-'));
});
afterAll(() => rm(place, { recursive: true }));

function sh(script: string, limits: Partial<Limits> = {}, signal?: AbortSignal) {
  return runCommand('/bin/sh', ['-c', script, 'sh', place], { ...LIMITS, ...limits }, PATH, signal);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Waits until a process of another group is gone. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    // A process that nobody waited for stays as a zombie where process 1 does not reap.
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (!existsSync(`/proc/${pid}`) || / [ZX] /.test(state)) return true;
    await delay(50);
  }
  return false;
}

describe('runCommand', () => {
  it('gives output, errors and exit code', async () => {
    const result = await sh('echo out; echo err >&2; exit 3');
    expect(result).toMatchObject({ stderr: 'err\n', exitCode: 3 });
    expect(text(result.stdout)).toBe('out\n');
    expect(result.stopped).toBeUndefined();
  });

  it('runs without input, in the C locale, with nothing of the environment of the caller', async () => {
    process.env.NETVET_TEST_SECRET = 'x';
    const result = await sh('cat; echo "$LC_ALL $PATH <$NETVET_TEST_SECRET>"');
    delete process.env.NETVET_TEST_SECRET;
    expect(text(result.stdout)).toBe('C /usr/bin:/bin <>\n');
  });

  it('kills what the command started when the time is over, and keeps the output', async () => {
    const result = await sh('(trap "" TERM; while :; do sleep 1; done) & echo $!; wait', { timeoutMs: 300 });
    expect(result.stopped).toBe('time');
    expect(result.exitCode).toBeUndefined();
    expect(await isGone(Number(text(result.stdout)))).toBe(true);
  });

  it('ends although a process that left the group holds the output open', async ({ skip }) => {
    if (!existsSync('/usr/bin/setsid')) skip('setsid is not installed');
    const result = await sh('setsid sh -c "sleep 5" & echo out', { timeoutMs: 300 });
    expect(result.stopped).toBe('time');
    expect(text(result.stdout)).toBe('out\n');
  });

  it('cuts output at the limit', async () => {
    const result = await sh('while :; do echo 123456789; done', { maxBytes: 100_003 });
    expect(result.stopped).toBe('size');
    expect(result.stdout).toHaveLength(100_003);
  });

  it('takes output of just the limit whole', async () => {
    const result = await sh('printf 1234567890', { maxBytes: 10 });
    expect(result.stopped).toBeUndefined();
    expect(text(result.stdout)).toBe('1234567890');
  });

  it('can be cancelled, also before it starts', async () => {
    const controller = new AbortController();
    const running = sh('sleep 100', {}, controller.signal);
    controller.abort();
    expect((await running).stopped).toBe('cancelled');
    expect((await sh('sleep 100', {}, controller.signal)).stopped).toBe('cancelled');
  });

  it('tells why a program can not be started', async () => {
    const result = await runCommand(join(place, 'missing'), [], LIMITS, PATH);
    expect(result.startError?.code).toBe('ENOENT');
  });
});
