import { writeFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.ts';

/** Writes a report to standard output, or to a file. Resolves when all of it is on its way. */
export async function writeOutput(text: string, file: string | undefined): Promise<void> {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (file === undefined) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(whole, (error) => (error ? reject(error) : resolve()));
    });
    return;
  }
  try {
    await writeFile(file, whole);
  } catch (error) {
    throw new UsageError(
      `${file} can not be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
