import type { KernelReport } from '@netvet/lab';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { writeOutput } from '../write-output.ts';
import { mended } from './lab.ts';

interface Options {
  readonly issue?: readonly string[];
  readonly timeout?: number;
  readonly output: 'text' | 'json';
  readonly outputFile?: string;
}

/** `netvet lab kernel IMAGE`: which known issues a kernel really has. */
export async function labKernel(image: string, options: Options): Promise<ExitCode> {
  const { measureKernel, RUNNING } = await import('@netvet/lab');
  const report = await mended(() =>
    measureKernel(image, {
      only: options.issue ?? [],
      command: ownCommand(RUNNING),
      ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
    }),
  );
  const text = options.output === 'json' ? JSON.stringify(report, null, 2) : reportText(report);
  await writeOutput(text, options.outputFile);
  return report.results.some(({ result }) => result === 'present') ? EXIT.affected : EXIT.ok;
}

/** This program once more, for the kernel that runs there. */
function ownCommand(image: string): readonly string[] {
  const [, program = ''] = process.argv;
  return [process.execPath, ...process.execArgv, program, 'lab', 'kernel', image, '-o', 'json', '--issue'];
}

const WORDS = {
  present: 'HAS IT',
  absent: 'does not have it',
  'not-possible': 'could not be tried',
} as const;

function reportText({ kernel, results }: KernelReport): string {
  const lines = [`kernel ${kernel}`];
  for (const { name, issues, result, measured } of results) {
    lines.push('', `${issues.join(', ')}: ${WORDS[result]}`, `  ${measured}`, `  (reproduction ${name})`);
  }
  return `${lines.join('\n')}\n`;
}
