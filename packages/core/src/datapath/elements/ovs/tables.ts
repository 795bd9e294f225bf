import type { Evidence } from '../../../model/evidence.ts';
import type { OvsDump, OvsFlow, OvsGroup } from '../../../parsers/ovs/index.ts';
import { type Action, readAction } from './actions.ts';
import { type FlowMatch, readMatch } from './match.ts';
import { PortNumbers } from './port-numbers.ts';

/** A flow made ready. */
export interface FlowRule {
  readonly flow: OvsFlow;
  readonly match: FlowMatch;
  readonly actions: readonly Action[];
  /** Dimensions of conjunctive matches that the flow stands for; it has no other actions then. */
  readonly conjunctions: readonly Extract<Action, { kind: 'conjunction' }>[];
  readonly place: Evidence;
}

/** A group made ready. */
export interface FlowGroup {
  readonly group: OvsGroup;
  readonly buckets: readonly { readonly weight: number; readonly actions: readonly Action[] }[];
  readonly place: Evidence;
}

/** Flows of one priority. */
export type Level = readonly FlowRule[];

/** The first table where Antrea's tables are printed by name. */
const ROOT = 'PipelineRootClassifier';

/** The flows of a bridge by table. Each table is made ready when a packet first comes to it. */
export class FlowTables {
  readonly file: string;
  readonly ports: PortNumbers;
  readonly #flows = new Map<string, OvsFlow[]>();
  /** Where groups are, or would be. */
  readonly groupFile: string;
  readonly #groups = new Map<number, FlowGroup>();
  readonly #levels = new Map<string, readonly Level[]>();
  readonly #targets = new Set<string>();

  /** Groups stand in a file of their own, or in that of the flows. */
  constructor(
    { flows, groups }: OvsDump,
    file: string,
    more: { readonly groups: readonly OvsGroup[]; readonly file: string },
  ) {
    this.file = file;
    this.groupFile = more.file;
    this.ports = new PortNumbers(flows);
    for (const group of groups) this.#addGroup(group, file);
    for (const group of more.groups) this.#addGroup(group, more.file);
    for (const flow of flows) {
      const table = String(flow.table);
      const known = this.#flows.get(table);
      if (known === undefined) this.#flows.set(table, [flow]);
      else known.push(flow);
      for (const [, target = ''] of flow.actions.matchAll(
        /(?:goto_table:|resubmit\([^,)]*,|table=)"?([\w.-]+)/g,
      )) {
        this.#targets.add(target);
      }
    }
  }

  /** The table that packets come to first: number 0. Where names were printed, the one that no flow leads to. */
  get entry(): string | undefined {
    if (this.#flows.has('0')) return '0';
    if (this.#flows.has(ROOT)) return ROOT;
    const unled = [...this.#flows.keys()].filter(
      (table) => !this.#targets.has(table) && !/^\d+$/.test(table),
    );
    return unled.length === 1 ? unled[0] : undefined;
  }

  /** The flows of a table by falling priority. */
  levels(table: string): readonly Level[] {
    let levels = this.#levels.get(table);
    if (levels === undefined) {
      levels = levelsOf((this.#flows.get(table) ?? []).map((flow) => this.#ruleOf(flow)));
      this.#levels.set(table, levels);
    }
    return levels;
  }

  group(id: number): FlowGroup | undefined {
    return this.#groups.get(id);
  }

  #addGroup(group: OvsGroup, file: string): void {
    this.#groups.set(group.id, {
      group,
      buckets: group.buckets.map(({ weight, actionList }) => ({ weight, actions: this.#read(actionList) })),
      place: placeOf(group, file),
    });
  }

  #ruleOf(flow: OvsFlow): FlowRule {
    const actions = this.#read(flow.actionList);
    return {
      flow,
      match: readMatch(flow.matches, (text) => this.ports.idOf(text)),
      actions,
      conjunctions: actions.filter((action) => action.kind === 'conjunction'),
      place: placeOf(flow, this.file),
    };
  }

  #read(actionList: readonly string[]): readonly Action[] {
    return actionList.map((text) => readAction(text, (port) => this.ports.idOf(port)));
  }
}

function placeOf({ line }: { readonly line?: number }, file: string): Evidence {
  return { file, ...(line === undefined ? {} : { line }) };
}

function levelsOf(rules: readonly FlowRule[]): readonly Level[] {
  const byPriority = new Map<number, FlowRule[]>();
  for (const rule of rules) {
    const known = byPriority.get(rule.flow.priority);
    if (known === undefined) byPriority.set(rule.flow.priority, [rule]);
    else known.push(rule);
  }
  return [...byPriority].sort(([left], [right]) => right - left).map(([, level]) => level);
}
