import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NftRuleset, type NftTable, parseNftRuleset, parseNftRulesetJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function tablesOf(ruleset: NftRuleset): readonly NftTable[] {
  return [...ruleset.tables.values()];
}

function rulesOf(ruleset: NftRuleset) {
  return tablesOf(ruleset).flatMap((table) => [...table.chains.values()].flatMap((chain) => chain.rules));
}

function setsOf(ruleset: NftRuleset, kind: 'set' | 'map') {
  return tablesOf(ruleset).flatMap((table) => [...table.sets.values()].filter((set) => set.kind === kind));
}

function only<T>(items: Iterable<T>): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error('expected exactly one item');
  return item;
}

describe('real texts', () => {
  it.each([
    ['001-nat-addr-port.txt', ['ip ipfoo', 'ip6 ip6foo', 'inet inetfoo'], 3, 0, 20],
    ['002-sets-with-ifnames.txt', ['inet testifsets'], 4, 4, 1],
    ['003-typeof-sets.txt', ['inet t'], 10, 11, 0],
    ['004-docker-nftabler.txt', ['ip docker-bridges'], 10, 0, 4],
    ['005-dependency-kill.txt', ['bridge foo', 'ip foo', 'ip6 foo', 'netdev foo', 'inet foo'], 5, 0, 0],
    ['006-map-catchall.txt', ['ip x'], 1, 0, 2],
    ['007-lab-calico-compat.txt', ['ip filter', 'ip nat'], 27, 0, 0],
  ])('%s', (file, tables, chains, sets, maps) => {
    const { value, problems } = parseNftRuleset(fixture(`text/${file}`));
    expect(problems).toEqual([]);
    expect([...value.tables.keys()]).toEqual(tables);
    expect(tablesOf(value).every((table) => table.isComplete)).toBe(true);
    expect(tablesOf(value).reduce((sum, table) => sum + table.chains.size, 0)).toBe(chains);
    expect(setsOf(value, 'set')).toHaveLength(sets);
    expect(setsOf(value, 'map')).toHaveLength(maps);
  });

  it('reads base chains, rules, verdicts, counters and comments', () => {
    const table = only(tablesOf(parseNftRuleset(fixture('text/004-docker-nftabler.txt')).value));
    expect(table.chains.get('nat-PREROUTING')).toMatchObject({
      type: 'nat',
      hook: 'prerouting',
      priority: -100,
      policy: 'accept',
      rules: [{ verdicts: [{ kind: 'jump', chain: 'nat-prerouting-and-output' }] }],
    });
    expect(table.chains.get('raw-PREROUTING')?.rules[0]).toMatchObject({
      text: 'ip daddr 192.168.0.2 iifname != "br-dummy" counter packets 0 bytes 0 drop',
      comment: 'DROP DIRECT ACCESS',
      packets: 0,
      bytes: 0,
      verdicts: [{ kind: 'drop' }],
      isPartlyShown: false,
      line: 50,
    });
    expect(table.sets.get('filter-forward-in-jumps')).toMatchObject({
      type: 'ifname',
      dataType: 'verdict',
      elements: [
        { key: 'br-dummy', verdict: { kind: 'jump', chain: 'filter-forward-in__br-dummy' }, line: 4 },
      ],
    });
    expect(table.chains.get('filter-FORWARD')?.rules.map((rule) => rule.setNames)).toEqual([
      ['filter-forward-in-jumps'],
      ['filter-forward-out-jumps'],
    ]);
  });

  it('reads elements over several lines, parts, wildcards and the catch-all element', () => {
    const sets = parseNftRuleset(fixture('text/002-sets-with-ifnames.txt')).value.tables.get(
      'inet testifsets',
    )?.sets;
    expect(sets?.get('concat_wild')?.flags).toEqual(['interval']);
    expect(sets?.get('concat_wild')?.elements.map(({ parts, line }) => [...parts, line])).toEqual([
      ['10.1.2.2', 'abcdef*', 26],
      ['10.1.2.1', 'bar', 27],
      ['1.1.2.0/24', 'abcdef0', 28],
      ['12.2.2.0/24', 'abcdef*', 29],
    ]);
    const map = parseNftRuleset(fixture('text/006-map-catchall.txt')).value.tables.get('ip x')?.sets.get('y');
    expect(map?.elements.map(({ key, data }) => [key, data])).toEqual([
      ['10.141.0.1', '192.168.0.2'],
      ['*', '192.168.0.4'],
    ]);
  });

  it('tells rules that nft cannot show in full', () => {
    const chains = parseNftRuleset(fixture('text/007-lab-calico-compat.txt')).value.tables.get(
      'ip filter',
    )?.chains;
    expect(chains?.get('INPUT')?.rules.map((rule) => rule.isPartlyShown)).toEqual([true, true, false]);
    expect(chains?.get('FORWARD')?.rules[0]?.isPartlyShown).toBe(true);
  });

  it('cuts a rule into words', () => {
    const text =
      'table ip t {\n\tchain c {\n\t\tiifname { "eth0", "eth1" } log prefix "a, b" accept # handle 7\n\t}\n}\n';
    const rule = only(rulesOf(parseNftRuleset(text).value));
    expect(rule.handle).toBe(7);
    expect(rule.tokens.map(({ kind, text: word }) => `${kind} ${word}`)).toEqual([
      'word iifname',
      'punctuation {',
      'string eth0',
      'punctuation ,',
      'string eth1',
      'punctuation }',
      'word log',
      'word prefix',
      'string a, b',
      'word accept',
    ]);
  });

  it('keeps warnings and reads priorities, devices, flowtables and table flags', () => {
    const text = `# Warning: table ip nat is managed by iptables-nft, do not touch!
table netdev t { # handle 1
	flags dormant
	flowtable f { # handle 2
		hook ingress priority filter + 10
		devices = { "eth0", "eth1" }
		flags offload
	}

	chain c { # handle 3
		type filter hook ingress devices = { "eth0", "eth1" } priority -500; policy drop;
	}
}
`;
    const { value, problems } = parseNftRuleset(text);
    expect(problems).toEqual([]);
    expect(value.warnings).toEqual([
      { line: 1, text: 'Warning: table ip nat is managed by iptables-nft, do not touch!' },
    ]);
    const table = only(tablesOf(value));
    expect(table).toMatchObject({ family: 'netdev', handle: 1, flags: ['dormant'] });
    expect(table.flowtables.get('f')).toEqual({
      name: 'f',
      handle: 2,
      hook: 'ingress',
      priority: 10,
      devices: ['eth0', 'eth1'],
      flags: ['offload'],
      line: 4,
    });
    expect(table.chains.get('c')).toMatchObject({
      handle: 3,
      priority: -500,
      devices: ['eth0', 'eth1'],
      policy: 'drop',
    });
  });

  it('reads an extension printed as a remark within the rule', () => {
    const text =
      'table ip t {\n\tchain c {\n\t\tmeta l4proto tcp # xt_tcp counter packets 1 bytes 2 drop\n\t}\n}\n';
    expect(only(rulesOf(parseNftRuleset(text).value))).toMatchObject({
      isPartlyShown: true,
      packets: 1,
      verdicts: [{ kind: 'drop' }],
    });
  });
});

describe('real JSON', () => {
  it.each([
    ['001-insights-doc.json', '0.9.3', 1, 1, 2, 1, 1],
    ['002-empty.json', '0.9.3', 0, 0, 0, 0, 0],
    ['003-lab-services.json', '1.0.6', 2, 7, 12, 0, 0],
  ])('%s', (file, version, tables, chains, rules, sets, maps) => {
    const { value, problems } = parseNftRulesetJson(fixture(`json/${file}`));
    expect(problems).toEqual([]);
    expect(value.version).toBe(version);
    expect(value.tables.size).toBe(tables);
    expect(tablesOf(value).reduce((sum, table) => sum + table.chains.size, 0)).toBe(chains);
    expect(rulesOf(value)).toHaveLength(rules);
    expect(setsOf(value, 'set')).toHaveLength(sets);
    expect(setsOf(value, 'map')).toHaveLength(maps);
  });

  it('points at the item of each record', () => {
    const table = only(tablesOf(parseNftRulesetJson(fixture('json/001-insights-doc.json')).value));
    expect(table).toMatchObject({ handle: 17, pointer: '/nftables/1' });
    expect(table.sets.get('example_map')?.elements[1]).toEqual({
      key: '192.0.2.2',
      parts: ['192.0.2.2'],
      data: 'drop',
      verdict: { kind: 'drop' },
      pointer: '/nftables/2/elem/1',
    });
    expect(table.chains.get('chain1')?.rules[1]).toMatchObject({
      text: 'tcp dport 22 counter packets 29 bytes 1976 accept',
      packets: 29,
      verdicts: [{ kind: 'accept' }],
      pointer: '/nftables/6',
    });
  });

  it('tells rules of which only the name of an extension is shown', () => {
    const rules = rulesOf(parseNftRulesetJson(fixture('json/003-lab-services.json')).value);
    expect(rules.map((rule) => rule.isPartlyShown)).toEqual([
      ...[false, true, true, true, true, false, true, true],
      ...[true, true, true, true],
    ]);
  });
});

/** Numbers as both forms write them, and what one form says that the other leaves to be known. */
function normalised(text: string): string {
  return text
    .replaceAll(/0x[0-9a-f]+/g, (number) => String(Number(number)))
    .replace(
      /tcp flags (\S+) \/ (\S+)/,
      (_, value: string, mask: string) => `tcp flags & (${mask.replaceAll(',', ' | ')}) == ${value}`,
    )
    .replace(/^(.*)reject$/, '$1reject with icmp port-unreachable')
    .replace('timeout 1m', 'timeout 60');
}

function comparable(ruleset: NftRuleset) {
  return rulesOf(ruleset).map(({ text, verdicts, setNames, comment, packets, bytes }) => ({
    text: normalised(text),
    verdicts,
    setNames,
    comment,
    packets,
    bytes,
  }));
}

describe('text and JSON of one ruleset', () => {
  it.each(['many-statements', 'kube-proxy'])('%s: the same rules', (name) => {
    const text = parseNftRuleset(fixture(`pairs/${name}.txt`));
    const json = parseNftRulesetJson(fixture(`pairs/${name}.json`));
    expect([text.problems, json.problems]).toEqual([[], []]);
    expect(comparable(json.value)).toEqual(comparable(text.value));
  });

  it.each(['many-statements', 'kube-proxy'])('%s: the same chains, sets and elements', (name) => {
    const shape = (ruleset: NftRuleset) =>
      tablesOf(ruleset).map(({ family, name: table, chains, sets, objects }) => ({
        table: `${family} ${table}`,
        chains: [...chains.values()].map(({ name: chain, type, hook, priority, policy }) => [
          chain,
          type,
          hook,
          priority,
          policy,
        ]),
        sets: [...sets.values()].map(({ kind, name: set, dataType, size, timeout, elements }) => ({
          ...{ kind, set, size, timeout, isVerdictMap: dataType === 'verdict' },
          elements: elements.map(({ parts, data, verdict, comment }) => [
            parts,
            data && normalised(data),
            verdict,
            comment,
          ]),
        })),
        objects: objects.map(({ kind, name: object, comment, packets }) => [kind, object, comment, packets]),
      }));
    const text = parseNftRuleset(fixture(`pairs/${name}.txt`)).value;
    expect(shape(parseNftRulesetJson(fixture(`pairs/${name}.json`)).value)).toEqual(shape(text));
  });

  it('iptables-nft: JSON names extensions that the text shows, and says so', () => {
    const text = rulesOf(parseNftRuleset(fixture('pairs/iptables-nft.txt')).value);
    const json = rulesOf(parseNftRulesetJson(fixture('pairs/iptables-nft.json')).value);
    expect(json.map((rule) => rule.handle)).toEqual(text.map((rule) => rule.handle));
    expect(json.map((rule) => rule.packets)).toEqual(text.map((rule) => rule.packets));
    const differing = json.filter(
      (rule, index) => normalised(rule.text) !== normalised(text[index]?.text ?? ''),
    );
    expect(differing.length).toBeGreaterThan(20);
    expect(differing.every((rule) => rule.isPartlyShown)).toBe(true);
  });
});

const TABLE = 'table ip t {\n\tchain a {\n\t\taccept\n\t\tjump b\n\t}\n\tchain b {\n\t\tdrop\n\t}\n}\n';

describe('damaged texts', () => {
  it.each([
    ['a rule', '\t}\n\tchain b {\n\t\tdrop\n\t}\n}\n'.length],
    ['a word', '\n\t}\n\tchain b {\n\t\tdrop\n\t}\n}\n'.length + 2],
    ['the table', 2],
  ])('cut after %s: the table is not complete', (_, length) => {
    const { value, problems } = parseNftRuleset(TABLE.slice(0, -length));
    expect(only(tablesOf(value)).isComplete).toBe(false);
    expect(problems).toContainEqual({
      line: 1,
      reason: 'the text ends within the table, so rules may be missing',
      text: 't',
    });
  });

  it('leaves out a rule or element the text ends in', () => {
    const rule = parseNftRuleset('table ip t {\n\tchain a {\n\t\taccept\n\t\tip saddr 10.0.0.1 acc').value;
    expect(rulesOf(rule).map(({ text }) => text)).toEqual(['accept']);
    const set = parseNftRuleset(
      'table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1, 10.0.',
    ).value;
    expect(only(setsOf(set, 'set')).elements.map(({ key }) => key)).toEqual(['10.0.0.1']);
  });

  it.each([
    ['a jump to a missing chain', 'table ip t {\n\tchain a {\n\t\tjump b\n\t}\n}\n', 3],
    [
      'a verdict map to a missing chain',
      'table ip t {\n\tmap m {\n\t\ttype mark : verdict\n\t\telements = { 1 : goto b }\n\t}\n}\n',
      4,
    ],
    ['an unknown block', 'table ip t {\n\tthing x {\n\t\ta { b }\n\t}\n}\n', 2],
    ['an error message', 'Error: Could not process rule: Operation not permitted\n', 1],
    ['a command that is missing', 'bash: nft: command not found\n', 1],
    ['NUL bytes in a rule', 'table ip t {\n\tchain a {\n\t\tip saddr \0\0 accept\n\t}\n}\n', 3],
    ['a string that is not closed', 'table ip t {\n\tchain a {\n\t\tlog prefix "x\n\t}\n}\n', 3],
    [
      'a priority that is none',
      'table ip t {\n\tchain a {\n\t\ttype nat hook input priority odd; policy accept;\n\t}\n}\n',
      3,
    ],
    ['a table that comes twice', 'table ip t {\n}\ntable ip t {\n}\n', 3],
    ['a brace too many', 'table ip t {\n}\n}\n', 3],
  ])('%s is reported', (_, text, line) => {
    expect(parseNftRuleset(text).problems).toMatchObject([{ line }]);
  });

  it.each([
    '{"nftables": [{"metainfo": {"version": "1.',
    '[]',
    '{"nftables": {}}',
    'null',
    'sh: nft: command not found',
  ])('JSON %j is reported and empty', (text) => {
    const { value, problems } = parseNftRulesetJson(text);
    expect(value.tables.size).toBe(0);
    expect(problems).toMatchObject([{ pointer: '' }]);
  });

  it.each([
    ['an item that is no object', '{"nftables": [1]}', '/nftables/0'],
    ['a rule without its table', '{"nftables": [{"rule": {"family": "ip", "table": "t"}}]}', '/nftables/0'],
    [
      'a rule without its chain',
      '{"nftables": [{"table": {"family": "ip", "name": "t"}}, {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": []}}]}',
      '/nftables/1',
    ],
    [
      'a statement that is not known',
      '{"nftables": [{"table": {"family": "ip", "name": "t"}}, {"chain": {"family": "ip", "table": "t", "name": "c"}}, {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [{"novelty": {"a": 1}}]}}]}',
      '/nftables/2/expr/0',
    ],
  ])('JSON with %s is reported', (_, text, pointer) => {
    expect(parseNftRulesetJson(text).problems).toMatchObject([{ pointer }]);
  });

  it('reads JSON behind a warning', () => {
    const { value, problems } = parseNftRulesetJson(
      '# Warning: table ip nat is managed by iptables-nft\n{"nftables": []}\n',
    );
    expect(problems).toEqual([]);
    expect(value.warnings).toMatchObject([{ line: 1 }]);
  });

  it('takes empty text as an empty ruleset', () => {
    expect(parseNftRuleset('')).toEqual({ value: { warnings: [], tables: new Map() }, problems: [] });
    expect(parseNftRulesetJson('')).toEqual({ value: { warnings: [], tables: new Map() }, problems: [] });
  });
});

describe('never throws', () => {
  const word = fc.constantFrom(
    ...'table ip t { } chain c ; \n set map type : , elements = jump " # handle 5 ( )'.split(' '),
  );

  it('text', () => {
    const texts = fc.array(fc.oneof(word, fc.string())).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.oneof(texts, fc.string({ unit: 'binary' })),
        (text) => parseNftRuleset(text) !== undefined,
      ),
    );
  });

  it('JSON', () => {
    const kinds = [
      'table',
      'chain',
      'rule',
      'set',
      'map',
      'flowtable',
      'counter',
      'metainfo',
      'match',
      'payload',
    ];
    const items = fc.array(
      fc.dictionary(
        fc.constantFrom(...kinds),
        fc.oneof(fc.jsonValue(), fc.constant({ family: 'ip', table: 't', name: 't' })),
      ),
    );
    const texts = items.map((nftables) => JSON.stringify({ nftables }));
    fc.assert(fc.property(fc.oneof(texts, fc.json()), (text) => parseNftRulesetJson(text) !== undefined));
  });

  it.each([
    ['items', (inner: string) => `{"nftables": [${inner}]}`],
    ['types', (inner: string) => `{"nftables": [{"table": {"family": ${inner}, "name": ${inner}}}]}`],
    [
      'statements',
      (inner: string) =>
        `{"nftables": [{"table": {"family": "ip", "name": "t"}}, {"chain": {"family": "ip", "table": "t", "name": "c"}},
          {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [{"limit": {"rate": ${inner}}}, ${inner}]}}]}`,
    ],
  ])('%s that are nested very deeply', (_, document) => {
    const inner = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(parseNftRulesetJson(document(inner)).problems.length).toBeGreaterThan(0);
  });

  it('any cut of a real text', () => {
    const text = fixture('pairs/many-statements.txt');
    fc.assert(
      fc.property(fc.nat(text.length), (length) => parseNftRuleset(text.slice(0, length)) !== undefined),
    );
  });
});
