import type { IptablesTable } from '../../../parsers/iptables-save/index.ts';
import type { IptablesDump } from '../iptables-dumps/index.ts';

/**
 * Whether no rule of a dump is lost. Besides dumps read without any complaint these are dumps shortened by hand to whole
 * lines: their jumps lead to chains that are not shown, but each line in them was understood.
 */
export function isWhole({ complete, save }: IptablesDump): boolean {
  if (complete) return true;
  const tables = [...save.tables.values()];
  return tables.length > 0 && save.hiddenTables.length === 0 && tables.every(isWholeTable);
}

/** The table was ended by COMMIT, and each line in it is a chain or a rule that was understood. */
export function isWholeTable({ line: start, committed, chains }: IptablesTable): boolean {
  if (!committed) return false;
  const lines = new Set<number>();
  for (const { line, rules } of chains.values()) {
    lines.add(line);
    for (const rule of rules) lines.add(rule.line);
  }
  for (let line = start + 1; line <= start + lines.size; line++) if (!lines.has(line)) return false;
  return true;
}
