import { spawn } from 'node:child_process';
import { LabError } from '../errors.ts';
import { type Command, formatCommand } from './command.ts';

/** Runs commands one after the other. Throws a `LabError` that names the first that fails and what it said. */
export async function runAll(commands: readonly Command[]): Promise<void> {
  for (const command of commands) await runCommand(command);
}

/** Runs one command and gives what it printed. Throws a `LabError` where it fails. */
export async function runCommand(command: Command): Promise<string> {
  const [program = '', ...args] = command.run;
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', (error) => reject(new LabError('command-failed', `${program}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(output).toString('utf8'));
      const said = Buffer.concat(errors).toString('utf8').trim();
      reject(new LabError('command-failed', `${formatCommand(command)}\nended with ${code}: ${said}`));
    });
    // A program that fails at once closes its input; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(command.input ?? '');
  });
}

/** What a command printed, or nothing where it fails. */
export async function tryCommand(run: readonly string[]): Promise<string | undefined> {
  try {
    return await runCommand({ run });
  } catch {
    return undefined;
  }
}
