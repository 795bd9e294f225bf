import { writeFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.ts';

/** Writes a report to standard output, or to a file. Resolves when all of it is on its way. */
export async function writeOutput(text: string, file: string | undefined): Promise<void> {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (file === undefined) {
    return await writeStandardOutput(whole);
  }
  try {
    await writeFile(file, whole);
  } catch (error) {
    throw new UsageError(
      `${file} can not be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function writeStandardOutput(whole: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    // The stream tells its listeners as well as the caller; without a listener the process would end with a stack.
    process.stdout.on('error', resolve);
    process.stdout.write(whole, (failure) => resolve(failure ?? undefined));
  });
  // The reader of a pipe went away, as `head` does: it has what it wanted, and the exit code still tells the result.
  if (error === undefined || error.code === 'EPIPE') return;
  throw new UsageError(`standard output can not be written: ${error.message}`);
}
