import { spawn } from 'node:child_process';

/** How much a probe may take. */
export interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** How a command ended. */
export interface CommandResult {
  readonly stdout: Uint8Array;
  /** Start of the error output. */
  readonly stderr: string;
  /** Absent where the command was killed or could not be started. */
  readonly exitCode?: number;
  /** Why it was stopped. */
  readonly stopped?: 'time' | 'size' | 'cancelled';
  /** Why it could not be started. */
  readonly startError?: NodeJS.ErrnoException;
  readonly durationMs: number;
}

const ERROR_BYTES = 4096;
/** How long a stopped command may clean up, and how long its output may stay open after that. */
const GRACE_MS = 500;

/**
 * Runs a program without a shell, without input and in the C locale. Past a limit its whole process group is killed,
 * and what it printed until then is the result. Never throws.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  limits: Limits,
  searchPath: readonly string[],
  signal?: AbortSignal,
): Promise<CommandResult> {
  const started = performance.now();
  const output = new Collected(limits.maxBytes);
  const errors = new Collected(ERROR_BYTES);
  const { promise, resolve } = Promise.withResolvers<Pick<CommandResult, 'exitCode' | 'startError'>>();
  const child = spawn(program, args, {
    // Its own process group, so that what it started can be killed with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(searchPath),
  });
  let stopped: CommandResult['stopped'];
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: NonNullable<CommandResult['stopped']>): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    killGroup(child.pid, 'SIGTERM');
    timers.push(
      setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE_MS),
      // A process that left the group may hold the pipes open for ever.
      setTimeout(() => resolve({}), 2 * GRACE_MS),
    );
  };
  const cancel = (): void => stop('cancelled');
  timers.push(setTimeout(() => stop('time'), limits.timeoutMs));
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();

  child.stdout.on('data', (chunk: Buffer) => {
    if (!output.add(chunk)) stop('size');
  });
  child.stderr.on('data', (chunk: Buffer) => void errors.add(chunk));
  child.on('error', (startError) => resolve({ startError }));
  child.on('close', (exitCode) => resolve(exitCode === null ? {} : { exitCode }));

  const end = await promise;
  for (const timer of timers) clearTimeout(timer);
  signal?.removeEventListener('abort', cancel);
  if (stopped !== undefined) killGroup(child.pid, 'SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    ...(stopped === undefined ? end : { stopped }),
    stdout: output.bytes(),
    stderr: Buffer.from(errors.bytes()).toString('utf8'),
    durationMs: Math.round(performance.now() - started),
  };
}

/** Nothing of the caller's environment reaches the tools but where to find their helpers. */
function environment(searchPath: readonly string[]): NodeJS.ProcessEnv {
  return {
    PATH: searchPath.join(':'),
    LC_ALL: 'C',
    TERM: 'dumb',
    PAGER: 'cat',
    SYSTEMD_COLORS: '0',
    HOME: '/',
  };
}

function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

/** Output up to a number of bytes. */
class Collected {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False where the chunk did not fit whole. */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#size;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (part.length > 0) this.#chunks.push(part);
    this.#size += part.length;
    return part.length === chunk.length;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
