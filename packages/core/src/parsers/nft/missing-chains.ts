import type { ProblemLog } from '../parsed.ts';
import type { NftTable, NftVerdict } from './types.ts';

/** The kernel accepts no jump to a chain that does not exist, so such a jump says that the text lacks the chain. */
export function reportMissingChains(tables: ReadonlyMap<string, NftTable>, problems: ProblemLog): void {
  for (const [key, table] of tables) {
    const check = (place: { line?: number; pointer?: string }, verdict: NftVerdict | undefined): void => {
      const chain = verdict?.chain;
      if (chain === undefined || table.chains.has(chain)) return;
      problems.add(place, `jump to a chain that is not in table ${key}`, chain);
    };
    for (const { rules } of table.chains.values()) {
      for (const rule of rules) for (const verdict of rule.verdicts) check(placeOf(rule), verdict);
    }
    for (const { elements } of table.sets.values()) {
      for (const element of elements) check(placeOf(element), element.verdict);
    }
  }
}

function placeOf({ line, pointer }: { readonly line?: number; readonly pointer?: string }): {
  line?: number;
  pointer?: string;
} {
  return { ...(line === undefined ? {} : { line }), ...(pointer === undefined ? {} : { pointer }) };
}
