import { expect, it } from 'vitest';
import { parseLog } from './index.ts';

it.each([
  ['Nov 20 12:00:00 n1 kubelet[812]: CNI plugin not initialized', 'Nov 20 12:00:00'],
  ['Nov  2 12:00:00.123456 n1 kernel: IPVS: rr: TCP', 'Nov  2 12:00:00.123456'],
  ['2026-11-20T12:00:00+0100 n1 systemd[1]: Started', '2026-11-20T12:00:00+0100'],
  ['2026-11-20T12:00:00.123456789Z stdout F hello', '2026-11-20T12:00:00.123456789Z'],
  ['2026-11-20T12:00:00,123456+01:00 eth0: link up', '2026-11-20T12:00:00,123456+01:00'],
  ['2026-11-20 12:00:00.123 [INFO][69] felix/int_dataplane.go 1: x', '2026-11-20 12:00:00.123'],
  ['[    0.000000] Linux version 5.14.0', '0.000000'],
  ['[12345.678901] nf_conntrack: table full, dropping packet', '12345.678901'],
  ['<4>[   12.345678] IPv4: martian source', '12.345678'],
  ['kern  :warn  : [   12.345678] IPv4: martian source', '12.345678'],
  ['[Fri Nov 20 12:00:00 2026] device veth0 left promiscuous mode', 'Fri Nov 20 12:00:00 2026'],
  ['I1120 12:00:00.000001       1 proxier.go:853] "Syncing"', '1120 12:00:00.000001'],
])('finds the time of %j', (text, time) => {
  const { value, problems } = parseLog(text);
  expect(problems).toEqual([]);
  expect(value).toEqual([{ line: 1, time: expect.stringContaining(time), text }]);
});

it('keeps lines without a time, and leaves out what journalctl adds', () => {
  const { value, problems } = parseLog('-- Boot 3f --\r\n\r\n  at main.go:12\r\n{"level":"info"}\r\n');
  expect(problems).toEqual([]);
  expect(value).toEqual([
    { line: 3, text: '  at main.go:12' },
    { line: 4, text: '{"level":"info"}' },
  ]);
});

it.each(['', '-- No entries --\n'])('gives no lines for %j', (text) => {
  expect(parseLog(text)).toEqual({ value: [], problems: [] });
});

it('takes NUL bytes out and reports them', () => {
  const { value, problems } = parseLog('[    1.000000] a\n\0\0\0[    2.000000] b\n');
  expect(value.map(({ time }) => time)).toEqual(['1.000000', '2.000000']);
  expect(problems).toMatchObject([{ line: 2, reason: 'NUL bytes in the line' }]);
});

it.each([
  'bash: journalctl: command not found',
  'dmesg: read kernel buffer failed: Operation not permitted',
  'Error from server (NotFound): pods "x" not found',
  'error: a container name must be specified for pod x',
])('does not take %j for a log', (text) => {
  const { value, problems } = parseLog(text);
  expect(value).toEqual([]);
  expect(problems).toMatchObject([{ line: 1, text }]);
});

it('keeps the last words of a program that names no tool', () => {
  expect(parseLog('Error: failed to bind 10256\n').value).toHaveLength(1);
});
