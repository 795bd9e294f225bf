import { type Parsed, ProblemLog } from '../parsed.ts';
import { chainOf, commonOf, flowtableOf, objectOf, setOf } from './json-records.ts';
import { excerptOf, isObject, type JsonObject, onlyProperty, textOf, textsOf } from './json-value.ts';
import { reportMissingChains } from './missing-chains.ts';
import { makeRule } from './rule.ts';
import { tokensOf } from './scanner.ts';
import { statementText } from './statement.ts';
import type { NftChain, NftFlowtable, NftObject, NftRule, NftRuleset, NftSet, NftTable } from './types.ts';

interface OpenTable extends NftTable {
  readonly chains: Map<string, NftChain & { readonly rules: NftRule[] }>;
  readonly sets: Map<string, NftSet>;
  readonly flowtables: Map<string, NftFlowtable>;
  readonly objects: NftObject[];
}

/**
 * Reads `nft -j list ruleset` into the same records as the text form:
 *
 * ```text
 * {"nftables": [{"metainfo": {"version": "1.0.6"}}, {"table": {"family": "ip", "name": "nat", "handle": 1}},
 *   {"chain": {"family": "ip", "table": "nat", "name": "SERVICES", "handle": 1}},
 *   {"rule": {"family": "ip", "table": "nat", "chain": "SERVICES", "handle": 10, "expr": [{"jump": {"target": "MASQ"}}]}}]}
 *   → version '1.0.6', tables: 'ip nat' → { chains: 'SERVICES' → { rules: [
 *       { text: 'jump MASQ', verdicts: [{ kind: 'jump', chain: 'MASQ' }], handle: 10, pointer: '/nftables/3', … }] } }
 * ```
 *
 * Text that is not whole JSON yields nothing but a problem.
 */
export function parseNftRulesetJson(text: string): Parsed<NftRuleset> {
  const problems = new ProblemLog();
  const reader = new Reader(problems);
  const warnings: { line: number; text: string }[] = [];
  const body = takeRemarks(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, warnings);
  if (body.trim() !== '') {
    const items = itemsOf(body);
    if (items === undefined)
      problems.add({ pointer: '' }, 'expected a JSON object with the list "nftables"', body.trim());
    else for (const [index, item] of items.entries()) reader.readItem(item, `/nftables/${index}`);
  }
  reportMissingChains(reader.tables, problems);
  return { value: { ...reader.version, warnings, tables: reader.tables }, problems: problems.list() };
}

/** Takes off the remarks that nft writes to standard error, which land before the JSON when both go to one file. */
function takeRemarks(text: string, warnings: { line: number; text: string }[]): string {
  let start = 0;
  for (let line = 1; text[start] === '#'; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    warnings.push({ line, text: text.slice(start + 1, end).trim() });
    start = end + 1;
  }
  return text.slice(start);
}

function itemsOf(text: string): readonly unknown[] | undefined {
  try {
    const document: unknown = JSON.parse(text);
    const items = isObject(document) ? document.nftables : undefined;
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

const OBJECTS: ReadonlySet<string> = new Set([
  'counter',
  'quota',
  'limit',
  'secmark',
  'synproxy',
  'tunnel',
  'ct helper',
  'ct timeout',
  'ct expectation',
]);

class Reader {
  readonly tables = new Map<string, OpenTable>();
  version: Pick<NftRuleset, 'version'> = {};
  readonly #problems: ProblemLog;

  constructor(problems: ProblemLog) {
    this.#problems = problems;
  }

  readItem(item: unknown, pointer: string): void {
    const [kind, fields] = onlyProperty(item) ?? [];
    if (kind === undefined || !isObject(fields)) {
      this.#problems.add({ pointer }, 'expected an object with one property', excerptOf(item));
    } else if (kind === 'metainfo') {
      const version = textOf(fields.version);
      if (version !== undefined) this.version = { version };
    } else if (kind === 'table') {
      this.#readTable(fields, pointer);
    } else {
      const table = this.tables.get(`${textOf(fields.family)} ${textOf(fields.table)}`);
      if (table === undefined)
        this.#problems.add({ pointer }, `a ${kind} without its table`, excerptOf(item));
      else this.#readPart(table, kind, fields, pointer);
    }
  }

  #readTable(fields: JsonObject, pointer: string): void {
    const family = textOf(fields.family);
    const name = textOf(fields.name);
    if (family === undefined || name === undefined) {
      this.#problems.add({ pointer }, 'expected family and name of a table', excerptOf(fields));
      return;
    }
    const key = `${family} ${name}`;
    if (this.tables.has(key)) {
      this.#problems.add({ pointer }, 'this table stands in the text twice', key);
      return;
    }
    this.tables.set(key, {
      family,
      name,
      ...commonOf(fields),
      flags: textsOf(fields.flags),
      isComplete: true,
      chains: new Map(),
      sets: new Map(),
      flowtables: new Map(),
      objects: [],
      pointer,
    });
  }

  #readPart(table: OpenTable, kind: string, fields: JsonObject, pointer: string): void {
    const name = textOf(fields.name);
    if (kind === 'rule') this.#readRule(table, fields, pointer);
    else if (name === undefined)
      this.#problems.add({ pointer }, `expected a name of the ${kind}`, excerptOf(fields));
    else if (kind === 'chain') table.chains.set(name, chainOf(name, fields, pointer));
    else if (kind === 'set' || kind === 'map' || kind === 'meter')
      table.sets.set(name, setOf(kind, name, fields, pointer, this.#problems));
    else if (kind === 'flowtable') table.flowtables.set(name, flowtableOf(name, fields, pointer));
    else if (OBJECTS.has(kind)) table.objects.push(objectOf(kind, name, fields, pointer));
    else this.#problems.add({ pointer }, 'expected a chain, rule, set, map, flowtable or object', kind);
  }

  #readRule(table: OpenTable, fields: JsonObject, pointer: string): void {
    const chain = table.chains.get(textOf(fields.chain) ?? '');
    const expr = fields.expr;
    if (chain === undefined || !Array.isArray(expr)) {
      this.#problems.add({ pointer }, 'a rule without its chain or without statements', excerptOf(fields));
      return;
    }
    const texts = expr.map((statement: unknown, index) => {
      const text = statementText(statement);
      if (text !== undefined) return text;
      const source = excerptOf(statement);
      this.#problems.add(
        { pointer: `${pointer}/expr/${index}` },
        'a statement of a kind that is not known',
        source,
      );
      return source;
    });
    const text = texts.join(' ');
    chain.rules.push(
      makeRule(text, tokensOf(text), {
        place: { pointer },
        ...commonOf(fields),
        expr,
        isPartlyShown: false,
      }),
    );
  }
}
