import { LabError } from '../errors.ts';
import { REPRODUCTIONS, type Reproduced, reproduce, runningKernel } from '../reproductions/index.ts';
import { type KernelImage, openKernelImage } from '../vm/kernel-image.ts';
import { runInMachine } from '../vm/machine.ts';

export const KERNEL_SCHEMA = 'netvet.dev/kernel/v1';

/** Which known issues a kernel has, measured. */
export interface KernelReport {
  readonly schema: typeof KERNEL_SCHEMA;
  /** As `uname -r` prints it. */
  readonly kernel: string;
  readonly results: readonly Reproduced[];
}

export interface KernelOptions {
  /** Names of reproductions or ids of issues; all of them where left out. */
  readonly only?: readonly string[];
  /** How the same measurement is started inside a machine: the words of a command, to which names are added. */
  readonly command: readonly string[];
  readonly timeoutSeconds?: number;
}

/** The word that stands for the kernel of this host. */
export const RUNNING = 'running';

const TIMEOUT_SECONDS = 900;

/**
 * Runs reproductions on a kernel: the package or folder of one in a machine of its own, or with `running` the one of this host, in
 * network namespaces that are removed again. Throws a `LabError` where the kernel can not be started or a name is unknown.
 */
export async function measureKernel(image: string, options: KernelOptions): Promise<KernelReport> {
  const chosen = choose(options.only ?? []);
  if (image !== RUNNING)
    return await inMachine(
      image,
      chosen.map(({ name }) => name),
      options,
    );
  if (process.getuid?.() !== 0) throw new LabError('not-root', 'reproductions on this host need root');
  const results: Reproduced[] = [];
  for (const reproduction of chosen) results.push(await reproduce(reproduction));
  return { schema: KERNEL_SCHEMA, kernel: await runningKernel(), results };
}

function choose(only: readonly string[]) {
  const unknown = only.find((word) => !REPRODUCTIONS.some((one) => isMeant(one, word)));
  if (unknown !== undefined) {
    const names = REPRODUCTIONS.map(({ name, issues }) => `${name} (${issues.join(', ')})`).join('; ');
    throw new LabError('bad-option', `${unknown}: there is no reproduction of it; there are ${names}`);
  }
  return REPRODUCTIONS.filter((one) => only.length === 0 || only.some((word) => isMeant(one, word)));
}

function isMeant(
  { name, issues }: { readonly name: string; readonly issues: readonly string[] },
  word: string,
): boolean {
  return name === word || issues.includes(word);
}

async function inMachine(
  path: string,
  names: readonly string[],
  options: KernelOptions,
): Promise<KernelReport> {
  const image = openKernelImage(path);
  try {
    const words = [...options.command, ...names].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const result = await runInMachine(image, `${words.join(' ')}\n`, {
      timeoutSeconds: options.timeoutSeconds ?? TIMEOUT_SECONDS,
    });
    return readReport(image, result);
  } finally {
    image.close();
  }
}

function readReport(image: KernelImage, result: Awaited<ReturnType<typeof runInMachine>>): KernelReport {
  try {
    return JSON.parse(result.stdout) as KernelReport;
  } catch {
    const said = (result.stderr.trim() || result.console.trim()).split('\n').slice(-5).join('\n');
    const how =
      result.exitCode === undefined ? 'stopped before it was done' : `ended with ${result.exitCode}`;
    throw new LabError('command-failed', `kernel ${image.release}: the measurement ${how}: ${said}`);
  }
}
