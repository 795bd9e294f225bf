import type { ProbeStatus } from '@netvet/core';
import type { CommandResult } from './run-command.ts';
import { NOT_IN_THIS_FORMAT, NOT_THERE, PARTLY_REFUSED, REFUSED } from './texts.ts';

/** How an attempt to get some output ended. */
export interface Outcome {
  readonly status: ProbeStatus;
  /** Absent where nothing was obtained. */
  readonly bytes?: Uint8Array;
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly message?: string;
}

/** What is known of the command besides how it ended. */
export interface CommandTraits {
  /** The command shows all only to root, and this is not root. */
  readonly asOrdinaryUser?: boolean;
  /** JSON is expected. */
  readonly json?: boolean;
  readonly keepsOutput?: boolean;
  readonly nothing?: string;
}

const refused = new RegExp(REFUSED);
const partlyRefused = new RegExp(PARTLY_REFUSED);
const notThere = new RegExp(NOT_THERE);
const notInThisFormat = new RegExp(NOT_IN_THIS_FORMAT);
const LONGEST_MESSAGE = 500;

/** Tells what the end of a command means. */
export function commandOutcome(result: CommandResult, traits: CommandTraits): Outcome {
  const { stdout, stopped, startError, exitCode, durationMs } = result;
  const said = result.stderr.toLowerCase();
  const base = { durationMs, ...(exitCode === undefined ? {} : { exitCode }) };
  const saying = (status: ProbeStatus): Outcome => ({ ...base, status, ...messageOf(result) });
  if (stopped !== undefined) return stoppedOutcome(stopped, stdout, durationMs);
  if (startError !== undefined) {
    const status =
      startError.code === 'EACCES' || startError.code === 'EPERM' ? 'not-permitted' : 'not-found';
    return {
      ...base,
      status: startError.code === 'ENOENT' ? 'not-found' : status,
      message: startError.message,
    };
  }
  if (partlyRefused.test(said)) return saying('not-permitted');
  if (notThere.test(said)) return saying('not-found');
  if (traits.keepsOutput === true && stdout.length > 0) {
    // What was refused to this user is there all the same: the output must not prove its absence.
    if (refused.test(said)) return { ...saying('truncated'), bytes: stdout };
    return { ...(exitCode === 0 ? { ...base, status: 'ok' } : saying('ok')), bytes: stdout };
  }
  if (exitCode !== 0) {
    if (refused.test(said)) return saying('not-permitted');
    // Some tools say on standard output why they fail.
    const all = `${said}${Buffer.from(stdout.subarray(0, 4096)).toString('latin1').toLowerCase()}`;
    if (traits.nothing !== undefined && all.includes(traits.nothing)) {
      return { ...saying('empty'), bytes: new Uint8Array() };
    }
    return saying(traits.json === true && notInThisFormat.test(all) ? 'not-in-this-format' : 'failed');
  }
  if (traits.json === true && !/^\s*[[{]/.test(Buffer.from(stdout.subarray(0, 256)).toString('latin1'))) {
    return { ...base, status: 'not-in-this-format', message: 'the tool did not print JSON' };
  }
  if (stdout.length > 0) return { ...base, status: 'ok', bytes: stdout };
  // Some tools print nothing, and do not fail, when they are refused.
  if (traits.asOrdinaryUser === true) {
    return { ...base, status: 'not-permitted', message: 'printed nothing to an ordinary user' };
  }
  return { ...base, status: 'empty', bytes: stdout };
}

function stoppedOutcome(
  stopped: NonNullable<CommandResult['stopped']>,
  stdout: Uint8Array,
  durationMs: number,
): Outcome {
  if (stopped === 'cancelled')
    return { status: 'timed-out', durationMs, message: 'the collection was cancelled' };
  const bytes = wholeLines(stdout);
  const why = stopped === 'time' ? 'the time limit was reached' : 'the size limit was reached';
  if (bytes.length > 0) return { status: 'truncated', bytes, durationMs, message: why };
  return { status: stopped === 'time' ? 'timed-out' : 'failed', durationMs, message: why };
}

/** Leaves out a last line that was cut: `mtu 145` would be read as a value. */
export function wholeLines(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
}

function messageOf({ stderr, stdout, exitCode }: CommandResult): { message: string } {
  const text = stderr.trim() === '' ? Buffer.from(stdout.subarray(0, 4096)).toString('latin1') : stderr;
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '').join('; ');
  const fallback = exitCode === undefined ? 'ended by a signal' : `exit code ${exitCode}`;
  return { message: (said === '' ? fallback : said).slice(0, LONGEST_MESSAGE) };
}
