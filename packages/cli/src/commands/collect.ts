import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { messagesFor } from '../terminal.ts';
import { writeOutput } from '../write-output.ts';

interface NodeOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly timeout?: number;
  readonly maxBytes?: number;
  readonly quiet?: boolean;
}

/** `netvet collect node`: evidence of this host in an archive, or in a directory when the name ends in a slash. */
export async function collectFromNode(options: NodeOptions): Promise<ExitCode> {
  const messages = messagesFor(options);
  const out = options.out ?? `netvet-${hostname()}.tar.gz`;
  const { collectNode, writeArchive, writeDirectory } = await import('@netvet/collect');
  const files = await collectNode({
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    onProgress: (done: number, all: number) => messages.progress(`${done} of ${all} probes`),
  });
  messages.endProgress();
  const force = options.force === true;
  const written = out.endsWith('/')
    ? await writeDirectory(out, files, { force })
    : await writeArchive(out, files, { force });
  if (!written.ok) throw new UsageError(written.message);
  messages.info(`wrote ${out}`);
  return EXIT.ok;
}

/** `netvet collect script` */
export async function printScript(options: { readonly outputFile?: string }): Promise<ExitCode> {
  const { collectScript } = await import('@netvet/collect');
  if (options.outputFile === undefined) await writeOutput(collectScript(), undefined);
  else await writeFile(options.outputFile, collectScript(), { mode: 0o755 });
  return EXIT.ok;
}
