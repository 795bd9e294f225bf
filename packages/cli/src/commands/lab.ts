import { readFile } from 'node:fs/promises';
import type { Flow, Judgement, LabOptions } from '@netvet/lab';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { messagesFor } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { writeOutput } from '../write-output.ts';

interface QuietOptions {
  readonly quiet?: boolean;
}

/** `netvet lab up` */
export async function labUp(options: Partial<LabOptions> & QuietOptions): Promise<ExitCode> {
  const { quiet: _, ...given } = options;
  const { upLab } = await import('@netvet/lab');
  const {
    options: built,
    nodes,
    pods,
  } = await mended(() => upLab({ ...given, agentCommand: agentCommand() }));
  const messages = messagesFor(options);
  messages.info(
    `lab ${built.name} is up: mode ${built.mode}, proxy ${built.proxy}, ${nodes.length} nodes, ${pods.length} pods`,
  );
  for (const { name, netns, address } of [...nodes, ...pods])
    messages.info(`  ${name}  ${address}  ${netns}`);
  messages.info(
    `netvet lab check ${built.name} sends packets; ip netns exec NAMESPACE runs a command inside`,
  );
  return EXIT.ok;
}

/** Agents are this very command: from its sources or from its bundle, whichever runs. */
function agentCommand(): readonly string[] {
  const [, program = ''] = process.argv;
  return [process.execPath, ...process.execArgv, program, 'lab', 'agent'];
}

/** `netvet lab agent`: what runs inside each namespace of a lab. */
export async function labAgent(config: string): Promise<ExitCode> {
  const { runAgent } = await import('@netvet/lab');
  await runAgent(config);
  return EXIT.ok;
}

/** `netvet lab break NAME FAULT` */
export async function labBreak(name: string, fault: string, options: QuietOptions): Promise<ExitCode> {
  const { breakLab } = await import('@netvet/lab');
  const { title, breaks } = await mended(() => breakLab(name, fault));
  const messages = messagesFor(options);
  messages.info(`${name}: ${title}`);
  for (const { from, to, protocol, size } of breaks) {
    messages.info(
      `  no longer works: ${from} to ${to}, ${protocol}${size === undefined ? '' : `, ${size} bytes`}`,
    );
  }
  return EXIT.ok;
}

/** `netvet lab mend NAME FAULT` */
export async function labMend(name: string, fault: string, options: QuietOptions): Promise<ExitCode> {
  const { mendLab } = await import('@netvet/lab');
  await mended(() => mendLab(name, fault));
  messagesFor(options).info(`${name}: ${fault} is mended`);
  return EXIT.ok;
}

interface CheckOptions extends QuietOptions {
  readonly flows?: string;
  readonly output: 'text' | 'json';
  readonly outputFile?: string;
}

/** `netvet lab check NAME`: exit code 3 where the walk and the kernel do not agree. */
export async function labCheck(name: string, options: CheckOptions): Promise<ExitCode> {
  const flows = options.flows === undefined ? undefined : await readFlows(options.flows);
  const { checkLab } = await import('@netvet/lab');
  const judgements = await mended(() => checkLab(name, flows));
  const text =
    options.output === 'json'
      ? JSON.stringify(judgements, null, 2)
      : checkText(judgements, options.quiet === true);
  await writeOutput(text, options.outputFile);
  return judgements.every(({ verdict }) => verdict === 'agree') ? EXIT.ok : EXIT.affected;
}

function checkText(judgements: readonly Judgement[], isShort: boolean): string {
  const count = (verdict: Judgement['verdict']): number =>
    judgements.filter((judgement) => judgement.verdict === verdict).length;
  const shown = isShort ? judgements.filter(({ verdict }) => verdict !== 'agree') : judgements;
  const working = judgements.filter(({ works }) => works).length;
  const summary = [
    `${judgements.length} flows, of which ${working} work`,
    `the walk agrees on ${count('agree')}, disagrees on ${count('disagree')}, and leaves ${count('undecided')} open`,
  ];
  return `${[...shown.flatMap(judgementLines), ...summary].join('\n')}\n`;
}

function judgementLines({ flow, verdict, works, seen, walked }: Judgement): readonly string[] {
  const line = `${works ? 'works' : 'fails'}  ${verdict.padEnd(9)}  ${flow.protocol.padEnd(4)}  ${flow.from} to ${flow.to}`;
  return verdict === 'agree' ? [line] : [line, `         seen:    ${seen}`, `         walked:  ${walked}`];
}

async function readFlows(file: string): Promise<readonly Flow[]> {
  let flows: unknown;
  try {
    flows = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(flows)) throw new UsageError(`${file}: expected an array of flows`);
  return flows.map((flow: unknown, index) => readFlow(flow, `${file}: flow ${index + 1}`));
}

function readFlow(flow: unknown, where: string): Flow {
  if (typeof flow !== 'object' || flow === null) throw new UsageError(`${where}: expected an object`);
  const { from, to, protocol = 'tcp', size } = flow as Record<string, unknown>;
  if (typeof from !== 'string' || typeof to !== 'string')
    throw new UsageError(`${where}: from and to are texts`);
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp')
    throw new UsageError(`${where}: protocol is tcp, udp or icmp`);
  if (size !== undefined && !(typeof size === 'number' && Number.isInteger(size) && size > 0))
    throw new UsageError(`${where}: size is a number of bytes`);
  return { from, to, protocol, ...(size === undefined ? {} : { size }) };
}

interface CollectOptions extends QuietOptions {
  readonly out: string;
  readonly force?: boolean;
}

/** `netvet lab collect NAME --out FILE.tar.gz`, or a directory. */
export async function labCollect(name: string, options: CollectOptions): Promise<ExitCode> {
  const { collectLabFiles } = await import('@netvet/lab');
  const { OutputError, writeArchive, writeDirectory } = await import('@netvet/collect');
  const write = /\.(tar\.gz|tgz)$/.test(options.out) ? writeArchive : writeDirectory;
  const info = { takenAt: new Date(), netvet: VERSION, cluster: `lab-${name}` };
  try {
    const force = { force: options.force === true };
    const { entries } = await mended(() => write(options.out, collectLabFiles(name), info, force));
    messagesFor(options).info(`wrote ${options.out}: ${entries.length} entries`);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    throw new UsageError(`${error.message}${error.code === 'exists' ? '; --force replaces it' : ''}`);
  }
  return EXIT.ok;
}

/** `netvet lab down NAME`, or all labs. */
export async function labDown(
  name: string | undefined,
  options: QuietOptions & { readonly all?: boolean },
): Promise<ExitCode> {
  if ((name === undefined) === (options.all !== true))
    throw new UsageError('give the name of a lab, or --all');
  const { downLab, listLabs } = await import('@netvet/lab');
  const known = (await listLabs()).map((lab) => lab.name);
  if (name !== undefined && !known.includes(name)) throw new UsageError(`there is no lab "${name}"`);
  for (const each of name === undefined ? known : [name]) {
    await mended(() => downLab(each));
    messagesFor(options).info(`lab ${each} is gone`);
  }
  return EXIT.ok;
}

/** `netvet lab list` */
export async function labList(): Promise<ExitCode> {
  const { listLabs } = await import('@netvet/lab');
  const lines = (await listLabs()).map(({ name, state }) => {
    if (state === undefined) return `${name}  left-over namespaces; netvet lab down ${name} removes them`;
    const { mode, proxy, nodes, pods } = state.options;
    const faults = state.faults.length === 0 ? '' : `, broken by ${state.faults.join(', ')}`;
    const half = state.isComplete ? '' : ', not built to the end';
    return `${name}  mode ${mode}, proxy ${proxy}, ${nodes} nodes with ${pods} pods each${half}${faults}`;
  });
  await writeOutput(lines.map((line) => `${line}\n`).join(''), undefined);
  return EXIT.ok;
}

/** `netvet lab faults` */
export async function labFaults(): Promise<ExitCode> {
  const { FAULTS } = await import('@netvet/lab');
  await writeOutput(FAULTS.map(({ id, title }) => `${id}  ${title}\n`).join(''), undefined);
  return EXIT.ok;
}

/** What the user can mend is no fault of netvet. */
/** Turns what the user can mend into wrong use. */
export async function mended<T>(work: () => Promise<T>): Promise<T> {
  const { LabError } = await import('@netvet/lab');
  try {
    return await work();
  } catch (error) {
    if (error instanceof LabError) throw new UsageError(error.message);
    throw error;
  }
}
