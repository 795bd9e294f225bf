import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { counted } from '../progress.ts';
import { messagesFor } from '../terminal.ts';
import { VERSION } from '../version.ts';
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
  const { collectNode, OutputError, writeArchive, writeDirectory } = await import('@netvet/collect');
  const files = collectNode({
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  const write = out.endsWith('/') ? writeDirectory : writeArchive;
  try {
    const info = { takenAt: new Date(), netvet: VERSION };
    const { entries } = await write(out, counted(files, messages), info, { force: options.force === true });
    messages.info(`wrote ${out}: ${summary(entries)}`);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    const hint = error.code === 'exists' ? '; --force replaces it' : '';
    throw new UsageError(`${error.message}${hint}`);
  }
  return EXIT.ok;
}

/** `57 obtained, 12 not permitted, 8 not found` */
function summary(entries: readonly { readonly status: string }[]): string {
  const counts = new Map<string, number>();
  for (const { status } of entries) {
    const name =
      status === 'ok' || status === 'empty' || status === 'redacted'
        ? 'obtained'
        : status.replaceAll('-', ' ');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

/** `netvet collect script` */
export async function printScript(options: { readonly outputFile?: string }): Promise<ExitCode> {
  const { collectScript } = await import('@netvet/collect');
  if (options.outputFile === undefined) await writeOutput(collectScript(VERSION), undefined);
  else await writeFile(options.outputFile, collectScript(VERSION), { mode: 0o755 });
  return EXIT.ok;
}
