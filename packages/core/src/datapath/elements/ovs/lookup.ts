import type { Choices } from '../../choices/choices.ts';
import type { FieldValues } from './field-values.ts';
import { testMatch } from './match.ts';
import type { FlowRule, Level } from './tables.ts';

/**
 * The flow of a table that a packet matches: the one of the highest priority (lib/classifier.c, `classifier_lookup__`).
 * Where two of one priority match and differ, OpenFlow leaves open which one it is.
 */
export function lookUpFlow(
  levels: readonly Level[],
  values: FieldValues,
  choices: Choices,
): FlowRule | undefined {
  for (const level of levels) {
    const matching = level.filter((rule) => matches(rule, values, choices));
    const plain = matching.filter(({ conjunctions }) => conjunctions.length === 0);
    if (plain.length > 0) return chooseOne(plain, ({ flow }) => flow.actions, choices);
    const found = lookUpConjunctions(levels, matching, values, choices);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A conjunctive match is complete where one flow of each of its dimensions matches, all of one priority. The table is then
 * looked up again with its id in the field `conj_id`, and without flows that stand for dimensions (ovs-fields(7), "Conjunctive
 * Match Fields").
 */
function lookUpConjunctions(
  levels: readonly Level[],
  matching: readonly FlowRule[],
  values: FieldValues,
  choices: Choices,
): FlowRule | undefined {
  const clauses = new Map<bigint, Set<number>>();
  const found: FlowRule[] = [];
  for (const { id, clause, clauses: count } of matching.flatMap((rule) => rule.conjunctions)) {
    const met = clauses.get(id) ?? new Set();
    clauses.set(id, met);
    if (met.has(clause) || met.add(clause).size < count) continue;
    const again = values.copy();
    again.set('conj_id', id);
    const plain = levels.map((level) => level.filter(({ conjunctions }) => conjunctions.length === 0));
    const rule = lookUpFlow(plain, again, choices);
    if (rule !== undefined) found.push(rule);
  }
  // Conjunctions that mean the same, as of several policies that allow the packet, differ by their numbers only.
  return found.length === 0 ? undefined : chooseOne(found, shapeOf, choices);
}

function shapeOf({ flow }: FlowRule): string {
  return flow.actions.replaceAll(
    /set_field:[^,>]*->(?:reg[356]|ct_label)|load:[^,>]*->NXM_NX_(?:REG[356]|CT_LABEL)[^,]*/g,
    '',
  );
}

function chooseOne(
  rules: readonly FlowRule[],
  meaning: (rule: FlowRule) => string,
  choices: Choices,
): FlowRule | undefined {
  const different = [...new Map(rules.toReversed().map((rule) => [meaning(rule), rule])).values()].reverse();
  const [first] = different;
  if (first === undefined || different.length === 1) return first;
  const text = `${different.length} flows of table ${first.flow.table} match with priority ${first.flow.priority}`;
  return different[choices.unsure({ ...first.place, text, isMissing: false }, different.length)];
}

function matches(rule: FlowRule, values: FieldValues, choices: Choices): boolean {
  const result = testMatch(rule.match, values);
  if (result === false) return false;
  const { flow, place } = rule;
  if (typeof result === 'string') {
    const text = `${result}: ${flow.matches.join(',')} actions=${flow.actions}`;
    if (choices.unsure({ ...place, text, isMissing: false }, 2) === 0) return false;
  }
  if (flow.hardTimeout === undefined && flow.idleTimeout === undefined) return true;
  const text = `a flow that times out: ${flow.matches.join(',')}`;
  return choices.unsure({ ...place, text, isMissing: false }, 2) === 0;
}
