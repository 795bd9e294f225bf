import type { Finding } from '../../model/finding.ts';
import { compressNames } from './compress-names.ts';
import type { IssueGroup } from './issue-groups.ts';
import { mergeReads } from './merge-reads.ts';
import { printable } from './unprintable.ts';

/** A command that only reads, and what it would settle. */
export interface NextCommand {
  readonly command: string;
  /** Nodes to run it on, sorted; empty where it is run once for the whole cluster. */
  readonly nodes: readonly string[];
  /** True where no node is known: it belongs on each of them. */
  readonly everyNode: boolean;
  /** Undecided issues that want it. */
  readonly issues: number;
}

export interface NextSteps {
  readonly commands: readonly NextCommand[];
  /** Issues of which `commands` get all that is missing. */
  readonly settled: number;
  /** Undecided issues for which some command is known. */
  readonly reachable: number;
}

/**
 * The commands that settle the most undecided issues, the most useful first. Each step takes the command that brings
 * issues nearest to a decision: it counts fully for an issue that lacks nothing else, by halves where two are missing.
 * Stops at `most`, or when every issue that commands can settle is.
 */
export function nextCommands(groups: readonly IssueGroup[], most: number): NextSteps {
  const instead = mergeReads(commandsIn(groups));
  const wanted = new Map<string, Set<string>>();
  for (const { id, unknown } of groups) {
    const commands = new Set(unknown.flatMap(commandsOf).map((command) => instead.get(command) ?? command));
    if (commands.size > 0) wanted.set(id, commands);
  }
  const uses = countUses(wanted);
  const places = placesOf(
    groups.flatMap(({ unknown }) => unknown),
    instead,
  );
  const open = new Map([...wanted].map(([id, commands]) => [id, new Set(commands)]));
  const commands: NextCommand[] = [];
  while (commands.length < most) {
    const command = mostUseful(open);
    if (command === undefined) break;
    for (const [id, left] of open) {
      left.delete(command);
      if (left.size === 0) open.delete(id);
    }
    const { nodes, everyNode } = places.get(command) ?? { nodes: new Set(), everyNode: false };
    commands.push({ command, nodes: [...nodes].sort(), everyNode, issues: uses.get(command) ?? 0 });
  }
  return { commands, settled: wanted.size - open.size, reachable: wanted.size };
}

function* commandsIn(groups: readonly IssueGroup[]): Generator<string> {
  for (const { unknown } of groups) for (const finding of unknown) yield* commandsOf(finding);
}

function commandsOf({ missing }: Finding): readonly string[] {
  return missing.map(({ command }) => command);
}

function countUses(wanted: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const commands of wanted.values()) {
    for (const command of commands) uses.set(command, (uses.get(command) ?? 0) + 1);
  }
  return uses;
}

function mostUseful(open: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const scores = new Map<string, number>();
  for (const left of open.values()) {
    for (const command of left) scores.set(command, (scores.get(command) ?? 0) + 1 / left.size);
  }
  let best: string | undefined;
  for (const [command, score] of scores) {
    const bar = best === undefined ? 0 : (scores.get(best) ?? 0);
    if (best === undefined || score > bar || (score === bar && command < best)) best = command;
  }
  return best;
}

interface Places {
  readonly nodes: Set<string>;
  everyNode: boolean;
}

function placesOf(
  findings: readonly Finding[],
  instead: ReadonlyMap<string, string>,
): ReadonlyMap<string, Places> {
  const places = new Map<string, Places>();
  for (const { missing } of findings) {
    for (const { command: original, where } of missing) {
      const command = instead.get(original) ?? original;
      let own = places.get(command);
      if (own === undefined) {
        own = { nodes: new Set(), everyNode: false };
        places.set(command, own);
      }
      if (where?.startsWith('node ') === true) own.nodes.add(where.slice('node '.length));
      else if (where !== undefined) own.everyNode = true;
    }
  }
  return places;
}

/** Where a command is to be run: `on every node`, `on n[1-3]`; empty where once is enough. `total` counts the nodes. */
export function placeOf({ nodes, everyNode }: NextCommand, total: number): string {
  if (everyNode || (total > 1 && nodes.length === total)) return 'on every node';
  if (nodes.length === 0) return '';
  const runs = compressNames(nodes.map(printable));
  const few = runs.slice(0, FEW_RUNS).map(({ text }) => text);
  const left = runs.slice(FEW_RUNS).reduce((sum, { count }) => sum + count, 0);
  return `on ${[...few, ...(left > 0 ? [`${left} more`] : [])].join(', ')}`;
}

/** Runs of node names named for one command. */
const FEW_RUNS = 4;
