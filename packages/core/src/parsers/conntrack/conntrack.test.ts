import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConntrackList, parseConntrackStats } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real listings', () => {
  it.each([
    ['001-ovn-time-wait.txt', 1, { TIME_WAIT: 1 }],
    ['002-ovn-hairpin.txt', 1, { TIME_WAIT: 1 }],
    ['003-lab-l.txt', 5, { SYN_RECV: 1, CLOSE_WAIT: 1, ESTABLISHED: 1 }],
    ['004-extended.txt', 4, { TIME_WAIT: 3 }],
    ['005-proc.txt', 3, { TIME_WAIT: 2 }],
  ])('%s', (file, count, states) => {
    const { value, problems } = parseConntrackList(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(count);
    const counts = Object.groupBy(value, ({ state }) => state ?? 'none');
    expect(
      Object.fromEntries(Object.entries(states).map(([state]) => [state, counts[state]?.length])),
    ).toEqual(states);
  });

  it('reads both tuples, mark, zone and the rest', () => {
    expect(parseConntrackList(fixture('002-ovn-hairpin.txt')).value[0]).toEqual({
      protocol: 'tcp',
      protocolNumber: 6,
      timeout: 117,
      state: 'TIME_WAIT',
      original: {
        source: '172.18.0.3',
        destination: '172.18.0.3',
        sourcePort: 33316,
        destinationPort: 80,
        others: new Map(),
      },
      reply: {
        source: '172.18.0.3',
        destination: '169.254.169.1',
        sourcePort: 80,
        destinationPort: 33316,
        others: new Map(),
      },
      flags: ['ASSURED'],
      mark: 0,
      zone: 64002,
      use: 1,
      others: new Map([['secctx', 'system_u:object_r:unlabeled_t:s0']]),
      line: 1,
    });
  });

  it('keeps the fields of ICMP with their tuple', () => {
    const icmp = parseConntrackList(fixture('003-lab-l.txt')).value.find(
      ({ protocol }) => protocol === 'icmp',
    );
    expect(Object.fromEntries(icmp?.original.others ?? [])).toEqual({ type: '8', code: '0', id: '3336' });
    expect(Object.fromEntries(icmp?.reply.others ?? [])).toEqual({ type: '0', code: '0', id: '3336' });
    expect(icmp?.state).toBeUndefined();
  });

  it('reads families, counters and ids', () => {
    const [v4, v6] = parseConntrackList(fixture('004-extended.txt')).value;
    expect(v4).toMatchObject({
      family: 4,
      original: { packets: 5, bytes: 270 },
      reply: { packets: 5, bytes: 368 },
    });
    expect(v4?.others.get('id')).toBe('511296259');
    expect(v6).toMatchObject({ family: 6, original: { source: '::1', destinationPort: 8099 } });
  });

  it('reads offloaded connections, which have no timeout', () => {
    const text =
      'tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [OFFLOAD] mark=16384 use=3\n';
    const { value, problems } = parseConntrackList(text);
    expect(problems).toEqual([]);
    expect(value[0]).toMatchObject({ flags: ['OFFLOAD'], mark: 16_384 });
    expect(value[0]?.timeout).toBeUndefined();
  });
});

describe('counters', () => {
  it('006-stats.txt: processors and totals', () => {
    const { value, problems } = parseConntrackStats(fixture('006-stats.txt'));
    expect(problems).toEqual([]);
    expect(value.cpus.map(({ cpu, line }) => [cpu, line])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect([...value.totals.keys()]).toEqual([
      ...['found', 'invalid', 'insert', 'insert_failed', 'drop', 'early_drop', 'error', 'search_restart'],
      ...['clash_resolve', 'chaintoolong'],
    ]);
  });

  it('adds the processors up', () => {
    const text = 'cpu=0   \tfound=27 insert_failed=3 drop=3\ncpu=1   \tfound=1 insert_failed=4 drop=0\n';
    const { value } = parseConntrackStats(text);
    expect(Object.fromEntries(value.totals)).toEqual({ found: 28, insert_failed: 7, drop: 3 });
  });
});

describe('damaged texts', () => {
  it.each([
    [
      'an entry that was cut',
      'tcp      6 117 TIME_WAIT src=172.18.0.3 dst=172.18.0.3 sport=33316 dport=80 src=172',
      1,
    ],
    [
      'an entry with one tuple',
      'tcp      6 117 TIME_WAIT src=172.18.0.3 dst=172.18.0.3 sport=33316 dport=80\n',
      1,
    ],
    ['a bracket that is not closed', 'udp 17 29 src=1.1.1.1 dst=2.2.2.2 [UNREP', 1],
    [
      'an error message',
      'conntrack v1.4.7 (conntrack-tools): Operation failed: Operation not permitted\n',
      1,
    ],
    ['NUL bytes', 'udp 17 29 src=1.1.1.1\0 dst=2.2.2.2 src=2.2.2.2 dst=1.1.1.1\n', 1],
    ['a line of excessive length', `udp 17 29 ${'['.repeat(20_000)}\n`, 1],
  ])('%s is reported', (_, text, line) => {
    expect(parseConntrackList(text)).toMatchObject({ value: [], problems: [{ line }] });
  });

  it.each([
    'cpu=0 found=x\n',
    'found=1\n',
    'cpu=0 found\n',
    'conntrack v1.4.7 (conntrack-tools): Operation failed\n',
  ])('counters %j are reported', (text) => {
    expect(parseConntrackStats(text)).toMatchObject({ value: { cpus: [] }, problems: [{ line: 1 }] });
  });

  it('takes empty text as nothing', () => {
    expect(parseConntrackList('')).toEqual({ value: [], problems: [] });
    expect(parseConntrackStats('')).toEqual({ value: { cpus: [], totals: new Map() }, problems: [] });
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      'tcp',
      '6',
      'src=1',
      'dst=1',
      '[',
      ']',
      'id=1',
      'mark=x',
      'cpu=0',
      '\n',
      'ipv4',
    );
    const texts = fc.array(fc.oneof(word, fc.string({ unit: 'binary' }))).map((words) => words.join(' '));
    fc.assert(
      fc.property(texts, (text) => {
        parseConntrackList(text);
        parseConntrackStats(text);
      }),
    );
  });
});
