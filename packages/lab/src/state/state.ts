import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { LabOptions } from '../cluster/options.ts';
import { LabError } from '../errors.ts';
import { STATE_DIRECTORY, socketDirectory, stateFile } from './places.ts';

const SCHEMA = 'netvet.dev/lab/v1';

/** What is remembered of a lab; everything else follows from it. */
export interface LabState {
  readonly schema: typeof SCHEMA;
  readonly options: LabOptions;
  /** Whether it was built to the end. */
  readonly isComplete: boolean;
  /** Faults that were applied, in order. */
  readonly faults: readonly string[];
}

/** The state of a lab that was just begun. */
export function newState(options: LabOptions): LabState {
  return { schema: SCHEMA, options, isComplete: false, faults: [] };
}

/** Remembers a lab. The file is there whole or as it was before. */
export async function writeState(state: LabState): Promise<void> {
  const file = stateFile(state.options.name);
  await mkdir(socketDirectory(state.options.name), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 1)}\n`);
  await rename(`${file}.new`, file);
}

/** Reads what is remembered of a lab; throws a `LabError` where there is none. */
export async function readState(lab: string): Promise<LabState> {
  const text = /^[a-z0-9]+$/.test(lab)
    ? await readFile(stateFile(lab), 'utf8').catch(() => undefined)
    : undefined;
  const state = text === undefined ? undefined : parseState(text);
  if (state === undefined) {
    throw new LabError('no-such-lab', `there is no lab "${lab}"; "netvet lab list" shows those there are`);
  }
  return state;
}

function parseState(text: string): LabState | undefined {
  try {
    const state = JSON.parse(text) as LabState;
    return state.schema === SCHEMA ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the labs that are remembered. */
export async function rememberedLabs(): Promise<readonly string[]> {
  const files = await readdir(STATE_DIRECTORY).catch(() => []);
  return files.flatMap((file) => /^([a-z0-9]+)\.json$/.exec(file)?.[1] ?? []).sort();
}

/** Forgets a lab. */
export async function removeState(lab: string): Promise<void> {
  await rm(stateFile(lab), { force: true });
  await rm(socketDirectory(lab), { recursive: true, force: true });
}
