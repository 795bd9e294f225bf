import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBridgeFdb, parseBridgeFdbJson } from '../bridge-fdb/index.ts';
import { parseNetDev, parseNetstat, parseNstat, parseProcNetSnmp } from '../counters/index.ts';
import { parseEthtoolDriver, parseEthtoolFeatures, parseEthtoolStats } from '../ethtool/index.ts';
import { parseIpAddr, parseIpAddrJson } from '../ip-addr/index.ts';
import { parseIpLink, parseIpLinkJson } from '../ip-link/index.ts';
import { parseIpNeigh, parseIpNeighJson } from '../ip-neigh/index.ts';
import { parseIpRoute, parseIpRouteJson } from '../ip-route/index.ts';
import { parseIpRule, parseIpRuleJson } from '../ip-rule/index.ts';
import { parseNetworkctl, parseNetworkdFile, parseNmcliDevice } from '../networkd/index.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { LINE_LIMIT, outputLinesOf, toCount, wordsOf } from './index.ts';

type Parser = (text: string) => Parsed<unknown>;

/** Every parser that reads line by line through {@link outputLinesOf}, and where its captures are. */
const TEXT_PARSERS: readonly [string, Parser, string][] = [
  ['ip link', parseIpLink, 'ip-link'],
  ['ip addr', parseIpAddr, 'ip-addr'],
  ['ip route', parseIpRoute, 'ip-route'],
  ['ip rule', parseIpRule, 'ip-rule'],
  ['ip neigh', parseIpNeigh, 'ip-neigh'],
  ['bridge fdb', parseBridgeFdb, 'bridge-fdb'],
  ['ethtool -k', parseEthtoolFeatures, 'ethtool/__fixtures__/features'],
  ['ethtool -S', parseEthtoolStats, 'ethtool/__fixtures__/stats'],
  ['ethtool -i', parseEthtoolDriver, 'ethtool/__fixtures__/driver'],
  ['nstat', parseNstat, 'counters'],
  ['/proc/net/snmp', parseProcNetSnmp, 'counters'],
  ['/proc/net/dev', parseNetDev, 'counters'],
  ['netstat -s', parseNetstat, 'counters'],
  ['networkd files', parseNetworkdFile, 'networkd'],
  ['networkctl', parseNetworkctl, 'networkd'],
  ['nmcli', parseNmcliDevice, 'networkd'],
];

const JSON_PARSERS: readonly [string, Parser, string][] = [
  ['ip -j link', parseIpLinkJson, 'ip-link'],
  ['ip -j addr', parseIpAddrJson, 'ip-addr'],
  ['ip -j route', parseIpRouteJson, 'ip-route'],
  ['ip -j rule', parseIpRuleJson, 'ip-rule'],
  ['ip -j neigh', parseIpNeighJson, 'ip-neigh'],
  ['bridge -j fdb', parseBridgeFdbJson, 'bridge-fdb'],
];

function captures(folder: string, isJson: boolean): readonly string[] {
  const path = folder.includes('/') ? folder : `${folder}/__fixtures__`;
  const directory = new URL(`../${path}/`, import.meta.url);
  const names = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return names
    .map((entry) => entry.name)
    .filter((name) => name.endsWith('.json') === isJson && !name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, directory), 'utf8'));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty);
}

/** Captures with pieces cut out, doubled or replaced. */
function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(),
    length: fc.nat(40),
    text: fc.oneof(
      fc.string(),
      fc.constantFrom('\n', '\t', '"', '{', ' ', ' __proto__ 1 ', ' constructor 1 '),
    ),
  });
  return fc.tuple(fc.constantFrom(...texts), fc.array(edit, { maxLength: 8 })).map(([text, edits]) =>
    edits.reduce((result, { at, length, text: insert }) => {
      const start = at % (result.length + 1);
      return result.slice(0, start) + insert + result.slice(start + length);
    }, text),
  );
}

describe.each([
  ...TEXT_PARSERS.map(([name, parse, folder]) => [name, parse, captures(folder, false)] as const),
  ...JSON_PARSERS.map(([name, parse, folder]) => [name, parse, captures(folder, true)] as const),
])('%s', (_, parse, texts) => {
  it('reads nothing from nothing', () => {
    for (const text of ['', '\n', ' \r\n\r\n', '\ufeff']) {
      const { value, problems } = parse(text);
      expect(problems).toEqual([]);
      expect(isEmpty(value)).toBe(true);
    }
  });

  it('takes no error message for content', () => {
    for (const text of ['bash: tool: command not found', 'Error: Permission denied', 'timeout']) {
      const { value, problems } = parse(text);
      expect(problems).toHaveLength(1);
      expect(isEmpty(value)).toBe(true);
    }
  });

  it('survives nesting that is deeper than any stack', () => {
    const deep = '['.repeat(100_000);
    for (const text of [deep, `[{"a":${deep}${']'.repeat(100_000)}}]`])
      expect(parse(text).problems.length).toBeGreaterThan(0);
  });

  it('does not throw on damaged captures', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(texts), fc.string(), fc.json()), (text) => {
        const { problems } = parse(text);
        const lines = text.split('\n').length;
        for (const { line } of problems) if (line !== undefined) expect(line).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(TEXT_PARSERS)('%s, line by line', (_, parse, folder) => {
  it('reads the same with other line ends and a byte order mark', () => {
    for (const text of captures(folder, false)) {
      expect(parse(`\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(parse(text));
    }
  });

  it('reports NUL bytes and lines that are too long, and reads on', () => {
    const [text = ''] = captures(folder, false);
    const before = parse(text);
    const after = parse(`${text}\n\0\0\n${'a=1: '.repeat(LINE_LIMIT)}\n`);
    expect(after.value).toEqual(before.value);
    expect(after.problems).toHaveLength(
      Math.min(before.problems.length, 100) + (before.problems.length > 100 ? 0 : 2),
    );
  });
});

describe('helpers', () => {
  it('leaves out blank lines and reports what cannot be read', () => {
    const problems = new ProblemLog();
    const lines = [...outputLinesOf(`a\n\n${'b'.repeat(LINE_LIMIT + 1)}\nc\0\nd`, problems)];
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 5, text: 'd' },
    ]);
    expect(problems.list().map((problem) => problem.line)).toEqual([3, 4]);
  });

  it('splits words and reads counts', () => {
    expect(wordsOf(' a \t b ')).toEqual(['a', 'b']);
    expect(wordsOf('  ')).toEqual([]);
    expect([toCount('12'), toCount('-1'), toCount('1e3'), toCount(''), toCount(undefined)]).toEqual([
      12,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
