import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IptablesSave, type IptablesTable, parseIptablesSave } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function chainCount(save: IptablesSave): number {
  return [...save.tables.values()].reduce((sum, table) => sum + table.chains.size, 0);
}

function rulesOf(table: IptablesTable | undefined) {
  return [...(table?.chains.values() ?? [])].flatMap((chain) => chain.rules);
}

function allRules(save: IptablesSave) {
  return [...save.tables.values()].flatMap(rulesOf);
}

/** A table `nat` with the chains A and B and the given lines. */
function table(...lines: readonly string[]): string {
  return ['*nat', ':A ACCEPT [0:0]', ':B - [0:0]', ...lines, 'COMMIT', ''].join('\n');
}

describe('real dumps', () => {
  it.each([
    ['001-calico-kubeproxy-docker-v183.txt', ['filter', 'nat'], 44, 27, '1.8.3', undefined],
    ['002-rhel6-v147.txt', ['filter', 'mangle', 'nat'], 8, 12, '1.4.7', 'legacy'],
    ['003-ip6-rhel7-v1421.txt', ['nat', 'mangle', 'security', 'raw', 'filter'], 14, 23, '1.4.21', 'legacy'],
    ['004-batfish-host1.txt', ['mangle', 'filter', 'nat'], 2, 11, '1.4.7', 'legacy'],
    ['005-photon-default-v4.txt', ['filter'], 4, 3, undefined, undefined],
    ['006-moby-bridge-golden.txt', ['raw', 'filter', 'nat'], 18, 15, undefined, undefined],
    ['007-batfish-unit-host1.txt', ['mangle', 'filter', 'nat'], 5, 10, '1.4.7', 'legacy'],
    ['008-lab-calico-nft-save.txt', ['filter', 'nat'], 44, 27, '1.8.9', 'nft'],
    ['009-k8s-userspace-v1421.txt', ['nat', 'filter'], 24, 19, '1.4.21', 'legacy'],
    ['010-matches-legacy-counters.txt', ['raw', 'mangle', 'nat', 'filter'], 43, 17, '1.8.9', 'legacy'],
    ['011-matches-nft.txt', ['mangle', 'raw', 'filter', 'nat'], 43, 17, '1.8.9', 'nft'],
    ['012-kube-proxy-nodeport-legacy.txt', ['nat', 'filter'], 28, 19, '1.8.9', 'legacy'],
    ['013-kube-proxy-masquerade-nft.txt', ['filter', 'nat'], 57, 30, '1.8.9', 'nft'],
    ['014-kube-proxy-restore-form.txt', ['filter', 'nat'], 32, 21, undefined, undefined],
  ])('%s', (file, tables, rules, chains, version, backend) => {
    const { value, problems } = parseIptablesSave(fixture(file));
    expect(problems).toEqual([]);
    expect([...value.tables.keys()]).toEqual(tables);
    expect([...value.tables.values()].every((item) => item.committed)).toBe(true);
    expect(allRules(value)).toHaveLength(rules);
    expect(chainCount(value)).toBe(chains);
    expect(value.toolVersion).toBe(version);
    expect(value.backend).toBe(backend);
  });

  it('places, policies and counters', () => {
    const filter = parseIptablesSave(fixture('001-calico-kubeproxy-docker-v183.txt')).value.tables.get(
      'filter',
    );
    expect(filter?.line).toBe(2);
    expect(filter?.chains.get('INPUT')).toMatchObject({
      policy: 'ACCEPT',
      packets: 52,
      bytes: 5761,
      line: 3,
    });
    expect(filter?.chains.get('DOCKER')?.policy).toBeUndefined();
    expect(
      filter?.chains.get('KUBE-FIREWALL')?.rules.map(({ line, target, text }) => [line, target, text]),
    ).toEqual([
      [
        30,
        'DROP',
        '-m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP',
      ],
    ]);
  });

  it('goto and rules without a target', () => {
    const input = parseIptablesSave(fixture('002-rhel6-v147.txt'))
      .value.tables.get('filter')
      ?.chains.get('INPUT');
    expect(input?.rules.map(({ target, targetIsGoto }) => [target, targetIsGoto]).slice(0, 4)).toEqual([
      ['ACCEPT', false],
      ['ACCEPT', true],
      ['ACCEPT', false],
      [undefined, false],
    ]);
  });

  it('both back ends: the same rules, counters only where they were asked for', () => {
    const legacy = parseIptablesSave(fixture('010-matches-legacy-counters.txt')).value;
    const nft = parseIptablesSave(fixture('011-matches-nft.txt')).value;
    for (const [name, { chains }] of legacy.tables) {
      for (const [chain, { rules }] of chains) {
        const others = nft.tables.get(name)?.chains.get(chain)?.rules;
        expect(others?.map(({ text }) => text)).toEqual(rules.map(({ text }) => text));
      }
    }
    expect(allRules(legacy).every(({ packets, bytes }) => packets === 0 && bytes === 0)).toBe(true);
    expect(allRules(nft).every(({ packets, bytes }) => packets === undefined && bytes === undefined)).toBe(
      true,
    );
  });

  it('every option list leads to the target', () => {
    for (const rule of allRules(parseIptablesSave(fixture('010-matches-legacy-counters.txt')).value)) {
      const jump = rule.options.find(({ name }) => name === 'jump' || name === 'goto');
      expect(jump?.values[0]).toBe(rule.target);
      expect(rule.targetIsGoto).toBe(jump?.name === 'goto');
    }
  });
});

describe('headings', () => {
  it.each([
    ['# Generated by iptables-nft-save v1.8.9 (nf_tables) on Sat Nov 21 10:13:59 2026', '1.8.9', 'nft'],
    ['# Generated by ip6tables-save v1.8.8 (nf_tables) on Sat Nov 21 10:13:59 2026', '1.8.8', 'nft'],
    ['# Generated by iptables-save v1.8.8 on Sat Nov 21 10:13:59 2026', '1.8.8', 'legacy'],
    ['# Generated by iptables-save v1.8.10 on Sat Nov 21 10:13:59 2026', '1.8.10', 'legacy'],
    ['# Generated by iptables-save v1.8.7 on Sat Nov 21 10:13:59 2026', '1.8.7', undefined],
    ['# Generated by iptables-nft-save v1.8.7 on Sat Nov 21 10:13:59 2026', '1.8.7', 'nft'],
    ['# Generated by xtables-save v1.8.2 on Sat Nov 21 10:13:59 2026', '1.8.2', 'nft'],
    ['# Generated by iptables-legacy-save v1.8.4 on Sat Nov 21 10:13:59 2026', '1.8.4', 'legacy'],
    ['# Generated by iptables-save v1.6.1 on Sat Nov 21 10:13:59 2026', '1.6.1', 'legacy'],
  ])('%s', (heading, toolVersion, backend) => {
    const { value } = parseIptablesSave(`${heading}\n${table()}`);
    expect([value.toolVersion, value.backend]).toEqual([toolVersion, backend]);
  });

  it('keeps the warning about tables of the other back end', () => {
    const text = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them';
    expect(parseIptablesSave(`${text}\n`)).toMatchObject({
      value: { warnings: [{ line: 1, text: text.slice(2) }] },
      problems: [],
    });
  });

  it.each([
    "# Table `nat' is incompatible, use 'nft' tool.",
    "iptables-save v1.8.7 (nf_tables): table `nat' is incompatible, use 'nft' tool.",
  ])('a table that is not shown: %s', (line) => {
    const { value, problems } = parseIptablesSave(`${line}\n`);
    expect(value.hiddenTables).toEqual([{ line: 1, name: 'nat' }]);
    expect(problems).toMatchObject([{ line: 1 }]);
  });
});

describe('options', () => {
  const optionsOf = (rule: string) =>
    allRules(parseIptablesSave(table(`-A A ${rule}`)).value)[0]?.options.map(
      ({ name, negated, values, module }) =>
        `${negated ? '! ' : ''}${module ?? ''} ${name} = ${values.join(' | ')}`,
    );

  it.each([
    [
      '! -s 10.0.0.0/8 -i lo -p tcp -m tcp ! --dport 80 -j REJECT --reject-with tcp-reset',
      [
        '!  source = 10.0.0.0/8',
        ' in-interface = lo',
        ' protocol = tcp',
        'tcp match = tcp',
        '! tcp dport = 80',
        ' jump = REJECT',
        'REJECT reject-with = tcp-reset',
      ],
    ],
    [
      String.raw`-m comment --comment "say \"hi\" it\'s \\ a -j DROP trick" -j ACCEPT`,
      [
        'comment match = comment',
        String.raw`comment comment = say "hi" it's \ a -j DROP trick`,
        ' jump = ACCEPT',
      ],
    ],
    ['-m comment --comment -dash -g B', ['comment match = comment', 'comment comment = -dash', ' goto = B']],
    [
      '-p tcp -m tcp --tcp-flags SYN,RST,ACK SYN -m set ! --match-set cali40all src,dst',
      [
        ' protocol = tcp',
        'tcp match = tcp',
        'tcp tcp-flags = SYN,RST,ACK | SYN',
        'set match = set',
        '! set match-set = cali40all | src,dst',
      ],
    ],
    [
      '-m tcp -p tcp -d 172.30.0.41 --destination-port 80',
      ['tcp match = tcp', ' protocol = tcp', ' destination = 172.30.0.41', 'tcp dport = 80'],
    ],
    ['-s ! 10.0.0.0/8 -p tcp --dport ! 53', ['!  source = 10.0.0.0/8', ' protocol = tcp', '!  dport = 53']],
    ['! -f -j DROP', ['!  fragment = ', ' jump = DROP']],
    [
      '-m socket --transparent ! --nowildcard -j MARK --set-xmark 0x1/0xffffffff',
      [
        'socket match = socket',
        'socket transparent = ',
        '! socket nowildcard = ',
        ' jump = MARK',
        'MARK set-xmark = 0x1/0xffffffff',
      ],
    ],
    ['', []],
  ])('%s', (rule, options) => {
    expect(optionsOf(rule)).toEqual(options);
  });

  it('gives back any comment that iptables quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...String.raw`ab "'\-jg!&;`) }), (comment) => {
        const quoted = comment.replaceAll(/["'\\]/g, String.raw`\$&`);
        const [rule] = allRules(parseIptablesSave(table(`-A A -m comment --comment "${quoted}" -j B`)).value);
        expect(rule?.options.find(({ name }) => name === 'comment')?.values).toEqual([comment]);
        expect(rule?.target).toBe('B');
      }),
    );
  });
});

describe('damaged dumps', () => {
  const whole = table('-A A -s 10.0.0.1/32 -j B', '-A B -j ACCEPT');

  it('reports a table without COMMIT', () => {
    const { value, problems } = parseIptablesSave(whole.replace('COMMIT\n', ''));
    expect(value.tables.get('nat')?.committed).toBe(false);
    expect(rulesOf(value.tables.get('nat'))).toHaveLength(2);
    expect(problems).toEqual([
      { line: 1, reason: 'the table has no COMMIT, so rules may be missing', text: 'nat' },
    ]);
  });

  it('reports a table that begins before the one before it is committed', () => {
    const { value, problems } = parseIptablesSave(`*filter\n:INPUT ACCEPT [0:0]\n${whole}`);
    expect([...value.tables.values()].map(({ name, committed }) => [name, committed])).toEqual([
      ['filter', false],
      ['nat', true],
    ]);
    expect(problems).toMatchObject([{ line: 1 }]);
  });

  it('leaves out a rule the text ends in', () => {
    const { value, problems } = parseIptablesSave(whole.slice(0, whole.indexOf('2/32 -j B') + 4));
    expect(allRules(value)).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    const cut = parseIptablesSave(whole.slice(0, whole.indexOf(' -j B')));
    expect(allRules(cut.value)).toEqual([]);
    expect(cut.problems).toMatchObject([{ line: 4, text: '-A A -s 10.0.0.1/32' }, { line: 1 }]);
  });

  it.each([
    ['a jump to a chain that is not declared', table('-A A -j KUBE-SERVICES'), 4, 1],
    ['a rule in a chain that is not declared', table('-A C -j B'), 4, 1],
    ['a chain declared twice', table(':B - [0:0]'), 4, 0],
    ['a quote that is not closed', table('-A A -m comment --comment "x -j B'), 4, 0],
    ['NUL bytes in a rule', table('-A A -s 10.0\0.0.1/32 -j B'), 4, 0],
    ['NUL bytes in a chain', table(':A\0 - [0:0]'), 4, 0],
    ['a command of iptables-restore', table('-D A -j B'), 4, 0],
    ['a match that iptables does not know', table('-A A -m set [unsupported revision] -j B'), 4, 1],
    ['data that iptables does not know', table('-A A -m odd [16 bytes of unknown match data] -j B'), 4, 1],
    ['counters that were cut', table('[12:3 -A A -j B'), 4, 0],
    ['a chain that was cut', table(':KUBE-SVC'), 4, 0],
    ['a rule outside a table', '-A A -j B\n', 1, 0],
    ['a chain outside a table', ':A - [0:0]\n', 1, 0],
    ['COMMIT outside a table', 'COMMIT\n', 1, 0],
    ['an error message', 'bash: iptables-save: command not found\n', 1, 0],
    ['a table that comes twice', `${table()}${table('-A A -j B')}`, 5, 0],
    ['a table without a name', '*\nCOMMIT\n', 1, 0],
  ])('%s is reported', (_, text, line, rules) => {
    const { value, problems } = parseIptablesSave(text);
    expect(problems).toMatchObject([{ line }]);
    expect(allRules(value)).toHaveLength(rules);
  });

  it('keeps brackets of IPv6 addresses apart from notes of iptables', () => {
    const { value, problems } = parseIptablesSave(
      table('-A A -p tcp -j DNAT --to-destination [fd00::5]:443'),
    );
    expect(problems).toEqual([]);
    expect(allRules(value)[0]?.isPartlyShown).toBe(false);
  });

  it('takes empty text as no table', () => {
    expect(parseIptablesSave('')).toEqual({
      value: { warnings: [], hiddenTables: [], tables: new Map() },
      problems: [],
    });
  });

  it('accepts carriage returns and a byte order mark', () => {
    const { value, problems } = parseIptablesSave(`\ufeff${whole.replaceAll('\n', '\r\n')}`);
    expect(problems).toEqual([]);
    expect(rulesOf(value.tables.get('nat')).map(({ text }) => text)).toEqual([
      '-s 10.0.0.1/32 -j B',
      '-j ACCEPT',
    ]);
  });
});

describe('never throws', () => {
  const line = fc.constantFrom(
    '*nat',
    ':A - [0:0]',
    '[1:2] -A A -j B',
    '-A A -m comment --comment "x',
    'COMMIT',
    '#',
    '[',
    ':',
  );
  const dump = fixture('010-matches-legacy-counters.txt');
  it.each([
    ['arbitrary text', fc.string({ unit: 'binary' })],
    ['damaged dumps', fc.array(fc.oneof(line, fc.string())).map((lines) => lines.join('\n'))],
    ['any cut of a real dump', fc.nat(dump.length).map((length) => dump.slice(0, length))],
  ])('%s', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const rule of allRules(parseIptablesSave(text).value))
          expect(rule.options).toBeInstanceOf(Array);
      }),
    );
  });
});
