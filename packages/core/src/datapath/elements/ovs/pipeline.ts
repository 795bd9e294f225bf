import type { Evidence } from '../../../model/evidence.ts';
import type { Action } from './actions.ts';
import { meaningOfController } from './controller.ts';
import type { CtAction } from './ct-action.ts';
import { describeRule, nameOfRule } from './describe.ts';
import type { FieldValues } from './field-values.ts';
import { lookUpFlow } from './lookup.ts';
import { applySet } from './set.ts';
import type { FlowGroup, FlowRule, FlowTables } from './tables.ts';
import { type Tracked, type TrackingContext, track } from './track.ts';

/** A packet that leaves a bridge. */
export interface Output {
  /** `normal` where the bridge is to find the port itself, as one without flows does. */
  readonly port: bigint | 'normal';
  readonly values: FieldValues;
  readonly place: Evidence;
}

/** What becomes of a packet. */
export type PipelineEnd =
  | { readonly kind: 'out'; readonly outputs: readonly [Output, ...Output[]] }
  | {
      readonly kind: 'lost' | 'old' | 'refused' | 'unknown';
      readonly detail: string;
      readonly place: Evidence;
    };

export interface PipelineContext extends TrackingContext {
  readonly tables: FlowTables;
  /** Told of every flow that matches. */
  readonly note: (step: {
    readonly table: string;
    readonly action: string;
    readonly detail: string;
    readonly place: Evidence;
  }) => void;
}

/** A packet on its way; `ct` and groups work on copies of it. */
interface Passage {
  readonly values: FieldValues;
  tracked: Tracked | undefined;
}

/** Where an action stands. */
interface At {
  readonly rule: FlowRule;
  readonly place: Evidence;
}

type Stop = Exclude<PipelineEnd, { readonly kind: 'out' }>;

/** Tables that a packet may come to (ofproto/ofproto-dpif-xlate.c, `MAX_RESUBMITS`). */
const LOOKUP_LIMIT = 4096;
/** Tables one inside the other; beyond it Open vSwitch drops the packet as well (`MAX_DEPTH` counts the ways back only). */
const DEPTH_LIMIT = 256;

/** Takes a packet through the tables of a bridge. The values are changed. */
export function runPipeline(values: FieldValues, context: PipelineContext): PipelineEnd {
  return new Pipeline(context).run(values);
}

class Pipeline {
  readonly #context: PipelineContext;
  readonly #outputs: Output[] = [];
  /** Tracked packets that wait to go on (recirculation). */
  readonly #waiting: { readonly passage: Passage; readonly table: string }[] = [];
  #lost: { readonly detail: string; readonly place: Evidence };
  /** The flow that the packet came to last, where it does not say what is to become of it. */
  #faded: FlowRule | undefined;
  /** The flow that has the agent refuse the packet. */
  #refused: At | undefined;
  #lookups = 0;

  constructor(context: PipelineContext) {
    this.#context = context;
    this.#lost = { detail: 'no flow puts it out', place: { file: context.tables.file } };
  }

  run(values: FieldValues): PipelineEnd {
    const { tables } = this.#context;
    if (tables.entry === undefined) {
      return {
        kind: 'unknown',
        detail: 'which table packets come to first is not known',
        place: this.#lost.place,
      };
    }
    this.#waiting.push({ passage: { values, tracked: undefined }, table: tables.entry });
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const stop = this.#pass(next.passage, next.table, 0);
      if (stop !== undefined) return stop;
    }
    const [first, ...more] = this.#outputs;
    if (first !== undefined) return { kind: 'out', outputs: [first, ...more] };
    if (this.#refused !== undefined) {
      const { rule, place } = this.#refused;
      return { kind: 'refused', detail: `refused by the agent, as table ${rule.flow.table} asks`, place };
    }
    // OpenFlow 1.0 prints neither groups nor meters, and such flows look as if they ended there.
    if (this.#faded !== undefined) {
      const { place } = this.#faded;
      return this.#unknown('the flow says nothing of what becomes of the packet', {
        rule: this.#faded,
        place,
      });
    }
    return { kind: 'lost', ...this.#lost };
  }

  #pass(passage: Passage, table: string, depth: number): Stop | undefined {
    const { tables, choices, note } = this.#context;
    this.#lookups++;
    if (this.#lookups > LOOKUP_LIMIT || depth > DEPTH_LIMIT) {
      return { kind: 'lost', detail: 'the flows lead round in circles', place: this.#lost.place };
    }
    const levels = tables.levels(table);
    if (levels.length === 0) {
      // An empty table drops, but a dump of some of the tables is likelier than a flow that leads to nothing.
      const detail = `no flow of table ${table} was collected`;
      choices.unsure({ file: tables.file, text: detail, isMissing: true }, 1);
      return { kind: 'unknown', detail, place: { file: tables.file } };
    }
    const rule = lookUpFlow(levels, passage.values, choices);
    this.#faded = rule?.actions.every(({ kind }) => ['set', 'move', 'nothing'].includes(kind))
      ? rule
      : undefined;
    if (rule === undefined) {
      const detail = `no flow of table ${table} matches`;
      this.#lost = { detail, place: { file: tables.file } };
      note({ table, action: 'miss', detail, place: this.#lost.place });
      return undefined;
    }
    const { flow, place } = rule;
    note({ table, action: nameOfRule(rule), detail: describeRule(rule), place });
    if (rule.actions.some(({ kind }) => kind === 'drop')) {
      this.#lost = { detail: `table ${table} drops ${flow.matches.join(',') || 'everything'}`, place };
    }
    return this.#act(passage, rule.actions, { rule, place }, depth);
  }

  #act(passage: Passage, actions: readonly Action[], at: At, depth: number): Stop | undefined {
    for (const action of actions) {
      if (action.kind === 'exit') return undefined;
      const stop = this.#actOnce(passage, action, at, depth);
      if (stop !== undefined) return stop;
    }
    return undefined;
  }

  #actOnce(passage: Passage, action: Action, at: At, depth: number): Stop | undefined {
    const { values } = passage;
    switch (action.kind) {
      case 'set':
      case 'move':
        applySet(action, values);
        return undefined;
      case 'table':
        return this.#pass(passage, action.table, depth + 1);
      case 'ct':
        return this.#track(passage, action, at);
      case 'ct-clear':
        for (const field of ['ct_state', 'ct_zone', 'ct_mark', 'ct_label']) values.set(field, 0n);
        passage.tracked = undefined;
        return undefined;
      case 'dec-ttl':
        return age(values, at);
      case 'output': {
        const port = typeof action.port === 'bigint' ? action.port : values.read(action.port);
        return port === undefined
          ? this.#unknown('the port to put it out by is not known', at)
          : this.#put(port, values, at);
      }
      case 'in-port':
        return this.#put(values.get('in_port') ?? 0n, values, at, true);
      case 'normal':
        return this.#put('normal', values, at);
      case 'controller':
        return this.#report(action.text, at);
      case 'group':
        return this.#pick(passage, action.id, at, depth);
      case 'meter':
        return this.#meter(at);
      case 'unread':
        return this.#unknown(`action ${action.text} is not modelled`, at);
      // A dimension of a conjunctive match is never the flow that was found.
      case 'conjunction':
      case 'drop':
      case 'exit':
      case 'nothing':
        return undefined;
    }
  }

  /** The copy that `ct` makes goes on in its table; the packet itself goes on with the next action, as it was. */
  #track(passage: Passage, action: CtAction, at: At): Stop | undefined {
    const zone = typeof action.zone === 'bigint' ? action.zone : passage.values.read(action.zone);
    if (zone === undefined) return this.#unknown('the zone of connection tracking is not known', at);
    // Zone 0 is that of the host's own rules.
    if (zone === 0n) return this.#unknown('connection tracking in zone 0 is not modelled', at);
    if (action.table === undefined && action.nat !== undefined) {
      return this.#unknown('address translation without a table to go on in is not modelled', at);
    }
    const values = passage.values.copy();
    const tracked = track(action, zone, values, passage.tracked, this.#context);
    if (tracked === undefined) return this.#unknown('the connection of the packet is not known', at);
    if (action.table !== undefined) {
      this.#waiting.push({ passage: { values, tracked }, table: action.table });
    }
    return undefined;
  }

  /** Nothing goes out by the port it came in by, unless the flow says so (`IN_PORT`). */
  #put(port: bigint | 'normal', values: FieldValues, { place }: At, mayReturn = false): undefined {
    if (port === values.get('in_port') && !mayReturn) {
      this.#lost = { detail: 'the flow puts it out by the port it came in by, which does nothing', place };
      return;
    }
    this.#outputs.push({ port, values: values.copy(), place });
  }

  #pick(passage: Passage, id: number, at: At, depth: number): Stop | undefined {
    const found = this.#context.tables.group(id);
    if (found === undefined) {
      const place = { file: this.#context.tables.groupFile };
      return this.#unknown(`group ${id} was not collected`, { ...at, place }, true);
    }
    const { group } = found;
    if (group.buckets.some(({ conditions }) => conditions.length > 0)) {
      return this.#unknown(`group ${id} watches ports`, { ...at, place: found.place });
    }
    this.#lost = { detail: `group ${id} has no bucket for it`, place: found.place };
    switch (group.type) {
      case 'select':
        return this.#pour(passage, this.#select(found), found, at, depth);
      case 'all':
      case 'indirect':
        return this.#pour(passage, found.buckets, found, at, depth);
      default:
        return this.#unknown(`group ${id} of type ${group.type} is not modelled`, {
          ...at,
          place: found.place,
        });
    }
  }

  /** The bucket is chosen by a hash over the packet, so each has its weight as its chance. */
  #select({ group, buckets, place }: FlowGroup): FlowGroup['buckets'] {
    const usable = buckets.filter(({ weight }) => weight > 0);
    const [first, ...others] = usable;
    if (first === undefined) return [];
    const total = usable.reduce((sum, { weight }) => sum + weight, 0);
    const taken =
      others.length === 0 ? 0 : this.#context.choices.random(usable.map(({ weight }) => weight / total));
    this.#context.note({
      table: `group ${group.id}`,
      action: 'select',
      detail: `bucket ${taken + 1} of ${usable.length}`,
      place,
    });
    return [usable[taken] ?? first];
  }

  #pour(
    { values, tracked }: Passage,
    buckets: FlowGroup['buckets'],
    { place }: FlowGroup,
    { rule }: At,
    depth: number,
  ): Stop | undefined {
    for (const { actions } of buckets) {
      const stop = this.#act({ values: values.copy(), tracked }, actions, { rule, place }, depth);
      if (stop !== undefined) return stop;
    }
    return undefined;
  }

  #report(text: string, at: At): Stop | undefined {
    const meaning = meaningOfController(at.rule, text);
    if (meaning === 'unknown') return this.#unknown(`handed to the controller: ${text}`, at);
    if (meaning === 'refuses') this.#refused = at;
    return undefined;
  }

  /** A rate limit passes the packet or not. One of what the agent is sent only keeps the agent from too much work. */
  #meter({ rule, place }: At): Stop | undefined {
    if (rule.actions.every(({ kind }) => kind === 'meter' || kind === 'controller')) return undefined;
    const text = `a rate limit: ${rule.flow.actions}`;
    const isOver = this.#context.choices.unsure({ ...place, text, isMissing: false }, 2) === 1;
    return isOver ? { kind: 'lost', detail: 'over the rate that a meter allows', place } : undefined;
  }

  #unknown(detail: string, { place }: At, isMissing = false): Stop {
    this.#context.choices.unsure({ ...place, text: detail, isMissing }, 1);
    return { kind: 'unknown', detail, place };
  }
}

function age(values: FieldValues, { place }: At): Stop | undefined {
  const ttl = values.get('nw_ttl');
  if (ttl === undefined) return undefined;
  if (ttl <= 1n) return { kind: 'old', detail: 'the packet was forwarded too often', place };
  values.set('nw_ttl', ttl - 1n);
  return undefined;
}
