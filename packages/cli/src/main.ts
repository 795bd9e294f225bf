import { EXIT, type ExitCode, UsageError } from './exit-codes.ts';
import { buildProgram } from './program.ts';

process.exitCode = await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = buildProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error);
  }
}

/** Commander has already printed what is wrong with the arguments; its help is no error. */
function explain(error: unknown): ExitCode {
  if (error instanceof UsageError) {
    process.stderr.write(`netvet: ${error.message}\n`);
    return EXIT.usage;
  }
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && code.startsWith('commander.')) {
    return (error as { exitCode?: number }).exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  // The reader of a pipe went away: nobody is left to tell.
  if (code === 'EPIPE') return EXIT.ok;
  process.stderr.write(`netvet: fault of netvet itself, please report it: ${stackOf(error)}\n`);
  return EXIT.fault;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
