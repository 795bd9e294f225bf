import { type IptablesDump, iptablesDumps } from '../../../facts/derived/iptables-dumps/index.ts';
import type { Origin } from '../../../facts/fact.ts';
import { at } from '../../../facts/reader.ts';
import type { IptablesChain, IptablesTable } from '../../../parsers/iptables-save/index.ts';
import type { ConditionDefinition } from '../../condition.ts';
import { COUNT_TEST_PROPERTIES, type CountTest, describeCount, testCount } from '../../count-test.ts';
import type { Outcome } from '../../outcome.ts';
import { patternOf } from '../../value-test.ts';

interface Parameters extends CountTest {
  readonly backend?: 'legacy' | 'nft';
  readonly family?: 4 | 6;
  readonly table: string;
  /** Regular expression for the whole name of the chain. */
  readonly chain?: string;
  /** Regular expression for the rule without counters and `-A CHAIN `. Absent: the chain itself is counted. */
  readonly rule?: string;
}

/** At most this many lines are kept as evidence. */
const EVIDENCE_LIMIT = 3;

/** Counts chains or rules in the iptables dumps of a node. */
export const iptablesCondition: ConditionDefinition<Parameters> = {
  id: 'iptables',
  description:
    'The iptables dumps of the host hold a number of chains, or of rules that match a pattern. Without "backend" both back ends count.',
  parameters: {
    type: 'object',
    required: ['table'],
    additionalProperties: false,
    properties: {
      backend: { enum: ['legacy', 'nft'] },
      family: { enum: [4, 6], description: '4 unless given.' },
      table: { type: 'string' },
      chain: { type: 'string', format: 'regex', description: 'Whole name of the chain.' },
      rule: {
        type: 'string',
        format: 'regex',
        description: 'Found in the rule; without it chains are counted.',
      },
      ...COUNT_TEST_PROPERTIES,
    },
  },
  example: { table: 'nat', chain: 'KUBE-POSTROUTING', rule: '-j MASQUERADE(?!.*--random-fully)' },
  level: () => 'node',
  evaluate(read, parameters) {
    const { backend, family = 4 } = parameters;
    const dumps = read.fact(iptablesDumps);
    const all = dumps.state === 'known' ? dumps.value.filter((dump) => dump.family === family) : [];
    const chosen = all.filter((dump) => backend === undefined || dump.backend === backend);
    const found = chosen.flatMap((dump) => matchesIn(dump, parameters));
    const settled = backend === undefined ? coversBoth(all) : coversOne(chosen);
    return outcomeOf(parameters, found, settled, chosen);
  },
};

interface Match {
  readonly origin: Origin;
  readonly text: string;
}

function matchesIn(dump: IptablesDump, { table: tableName, chain: chainPattern, rule }: Parameters): Match[] {
  const table = dump.save.tables.get(tableName);
  if (table === undefined) return [];
  return chainsOf(table, chainPattern).flatMap((chain) => {
    if (rule === undefined) return [{ origin: at(dump.file, { line: chain.line }), text: chain.name }];
    const pattern = patternOf(rule);
    return chain.rules
      .filter(({ text }) => pattern.test(text))
      .map((one) => ({ origin: at(dump.file, { line: one.line }), text: `-A ${chain.name} ${one.text}` }));
  });
}

function chainsOf(table: IptablesTable, pattern: string | undefined): readonly IptablesChain[] {
  if (pattern === undefined) return [...table.chains.values()];
  const exact = table.chains.get(pattern);
  if (exact !== undefined) return [exact];
  const whole = patternOf(`^(?:${pattern})$`);
  return [...table.chains.values()].filter(({ name }) => whole.test(name));
}

/** Nothing can be hidden: whole dumps of both back ends, or iptables older than 1.8, which has only one. */
function coversBoth(dumps: readonly IptablesDump[]): boolean {
  const whole = dumps.filter(({ complete }) => complete);
  const backends = new Set(whole.map(({ backend }) => backend));
  return backends.has('legacy') && backends.has('nft');
}

function coversOne(dumps: readonly IptablesDump[]): boolean {
  return dumps.some(({ complete }) => complete);
}

function outcomeOf(
  parameters: Parameters,
  found: readonly Match[],
  settled: boolean,
  dumps: readonly IptablesDump[],
): Outcome {
  const count = found.length;
  const answer = testCount(count, parameters, settled);
  const origins =
    count > 0
      ? found.slice(0, EVIDENCE_LIMIT).map(({ origin }) => origin)
      : dumps.map((dump) => at(dump.file, {}));
  const examples = found.slice(0, EVIDENCE_LIMIT).map(({ text }) => text);
  return {
    answer,
    reasons: [
      {
        condition: describe(parameters),
        result: answer,
        fact: 'iptables.dumps',
        value: count === 0 ? 'none' : `${count}: ${examples.join(' | ')}`,
        origins,
      },
    ],
    missing: answer === 'unknown' ? missingDumps(parameters) : [],
  };
}

function missingDumps({ backend, family }: Parameters) {
  const tool = family === 6 ? 'ip6tables' : 'iptables';
  const backends = backend === undefined ? (['legacy', 'nft'] as const) : [backend];
  return backends.map((one) => ({
    fact: `${one} ${tool} rules`,
    command: `${tool}-${one}-save -c`,
    where: 'node',
  }));
}

function describe(parameters: Parameters): string {
  const { backend, table, chain, rule } = parameters;
  const what = rule === undefined ? 'chains' : `rules matching ${rule}`;
  const where = `${backend === undefined ? '' : `${backend} `}table ${table}${chain === undefined ? '' : `, chain ${chain}`}`;
  return `${describeCount(parameters)} ${what} in ${where}`;
}
