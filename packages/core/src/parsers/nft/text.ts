import { type Parsed, ProblemLog } from '../parsed.ts';
import { readChain } from './chain.ts';
import { reportMissingChains } from './missing-chains.ts';
import { readFlowtable, readObject, readSet } from './set.ts';
import { type Statement, StatementReader } from './statements.ts';
import type { NftChain, NftFlowtable, NftObject, NftRuleset, NftSet, NftTable } from './types.ts';

/** What the readers of the blocks share. */
export interface Context {
  readonly reader: StatementReader;
  readonly problems: ProblemLog;
  /** Family of the table. */
  readonly family: string;
}

/** A block that was read, and whether its closing brace was found. */
export interface Block<T> {
  readonly value: T;
  readonly isClosed: boolean;
}

/**
 * Reads `nft list ruleset`, with or without handles (`-a`) and counters (without `-s`):
 *
 * ```text
 * table ip kube-proxy {
 *   map service-ips {
 *     type ipv4_addr . inet_proto . inet_service : verdict
 *     elements = { 172.30.0.10 . tcp . 53 comment "kube-system/kube-dns:dns-tcp" : goto service-ABC }
 *   }
 *   chain services {
 *     ip daddr . meta l4proto . th dport vmap @service-ips # handle 4
 *   }
 * }
 *   → tables: 'ip kube-proxy' → {
 *       sets: 'service-ips' → { kind: 'map', type: 'ipv4_addr . inet_proto . inet_service', dataType: 'verdict', elements:
 *         [{ parts: ['172.30.0.10', 'tcp', '53'], verdict: { kind: 'goto', chain: 'service-ABC' }, comment: '…' }] },
 *       chains: 'services' → { rules: [{ text: 'ip daddr . … vmap @service-ips', handle: 4, setNames: ['service-ips'] }] } }
 * ```
 *
 * A text that ends within a table and a jump to a chain that is not there are problems.
 */
export function parseNftRuleset(text: string): Parsed<NftRuleset> {
  const reader = new StatementReader(text);
  const problems = new ProblemLog();
  const tables = new Map<string, NftTable>();
  const warnings: { line: number; text: string }[] = [];
  for (let end = ''; end !== 'text'; ) {
    const statement = reader.next('block');
    end = statement.end;
    const { line, remark, tokens } = statement;
    if (remark?.startsWith('Warning:')) warnings.push({ line, text: remark });
    if (tokens[0]?.text === 'table' && end === 'open') {
      const table = readTable(reader, problems, statement);
      const key = `${table.family} ${table.name}`;
      if (tables.has(key))
        problems.add({ line }, 'this table stands in the text twice; only the first one is used', key);
      else tables.set(key, table);
    } else if (tokens.length > 0 || end === 'open' || end === 'close') {
      problems.add({ line }, 'expected "table FAMILY NAME {"', lineAt(text, tokens[0]?.start ?? 0));
      if (end === 'open') reader.skipBlock();
    }
  }
  reportMissingChains(tables, problems);
  return { value: { warnings, tables }, problems: problems.list() };
}

function readTable(reader: StatementReader, problems: ProblemLog, opening: Statement): NftTable {
  const words = opening.tokens.slice(1).map(({ text }) => text);
  const name = words.at(-1) ?? '';
  const family = words.length > 1 ? (words[0] ?? '') : 'ip';
  if (name === '' || words.length > 2)
    problems.add({ line: opening.line }, 'expected "table FAMILY NAME {"', words.join(' '));
  const context: Context = { reader, problems, family };
  const chains = new Map<string, NftChain>();
  const sets = new Map<string, NftSet>();
  const flowtables = new Map<string, NftFlowtable>();
  const objects: NftObject[] = [];
  let properties: { handle?: number; comment?: string; flags?: readonly string[] } = {};
  let isClosed = false;
  for (let isOpen = true; isOpen; ) {
    const statement = reader.next('block');
    const [keyword, subject] = statement.tokens.map(({ text }) => text);
    if (statement.handle !== undefined) properties = { ...properties, handle: statement.handle };
    if (statement.end === 'open') {
      const block = readBlock(context, statement);
      if (block.value?.of === 'chain') chains.set(block.value.record.name, block.value.record);
      else if (block.value?.of === 'set') sets.set(block.value.record.name, block.value.record);
      else if (block.value?.of === 'flowtable') flowtables.set(block.value.record.name, block.value.record);
      else if (block.value?.of === 'object') objects.push(block.value.record);
      isOpen = block.isClosed;
      continue;
    }
    if (keyword === 'comment' && subject !== undefined) properties = { ...properties, comment: subject };
    else if (keyword === 'flags') properties = { ...properties, flags: flagsOf(statement) };
    else if (keyword !== undefined)
      problems.add({ line: statement.line }, 'expected a block of a table', keyword);
    isClosed = statement.end === 'close';
    isOpen = !isClosed && statement.end !== 'text';
  }
  if (!isClosed)
    problems.add({ line: opening.line }, 'the text ends within the table, so rules may be missing', name);
  return {
    family,
    name,
    flags: [],
    ...properties,
    isComplete: isClosed,
    chains,
    sets,
    flowtables,
    objects,
    line: opening.line,
  };
}

type TablePart =
  | { readonly of: 'chain'; readonly record: NftChain }
  | { readonly of: 'set'; readonly record: NftSet }
  | { readonly of: 'flowtable'; readonly record: NftFlowtable }
  | { readonly of: 'object'; readonly record: NftObject };

const OBJECTS: ReadonlySet<string> = new Set([
  'counter',
  'quota',
  'limit',
  'secmark',
  'synproxy',
  'tunnel',
  'ct',
]);

function readBlock(context: Context, opening: Statement): Block<TablePart | undefined> {
  const keyword = opening.tokens[0]?.text ?? '';
  const name = opening.tokens.at(-1)?.text;
  if (name !== undefined && opening.tokens.length > 1) {
    if (keyword === 'chain') return tagged('chain', readChain(context, name, opening.line));
    if (keyword === 'set' || keyword === 'map' || keyword === 'meter') {
      return tagged('set', readSet(context, keyword === 'map' ? 'map' : 'set', name, opening.line));
    }
    if (keyword === 'flowtable') return tagged('flowtable', readFlowtable(context, name, opening.line));
    if (OBJECTS.has(keyword)) {
      const kind = opening.tokens
        .slice(0, -1)
        .map(({ text }) => text)
        .join(' ');
      return tagged('object', readObject(context, kind, name, opening.line));
    }
  }
  context.problems.add({ line: opening.line }, 'expected a chain, set, map, flowtable or object', keyword);
  return { value: undefined, isClosed: context.reader.skipBlock() };
}

function tagged<Of extends TablePart['of'], T>(
  of: Of,
  block: Block<T>,
): Block<{ readonly of: Of; readonly record: T }> {
  return { value: { of, record: block.value }, isClosed: block.isClosed };
}

/** The words of `flags a, b` or `flags a,b`. */
export function flagsOf(statement: Statement): readonly string[] {
  return statement.tokens
    .slice(1)
    .filter(({ kind }) => kind !== 'punctuation')
    .map(({ text }) => text);
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}
