import { expect, it } from 'vitest';
import { parseProxyMode } from './index.ts';

it.each(['iptables', 'ipvs', 'nftables', 'userspace', 'kernelspace'])('reads %s', (mode) => {
  expect(parseProxyMode(mode)).toEqual({ value: { mode, line: 1 }, problems: [] });
  expect(parseProxyMode(`\n${mode}\r\n`)).toEqual({ value: { mode, line: 2 }, problems: [] });
});

it('has nothing to say of an empty text', () => {
  expect(parseProxyMode('')).toEqual({ value: undefined, problems: [] });
});

it.each([
  '404 page not found',
  'curl: (7) Failed to connect to 127.0.0.1 port 10249',
  '{"mode":"ipvs"}',
  'ipvs\0',
])('does not guess a mode from %j', (text) => {
  const { value, problems } = parseProxyMode(text);
  expect(value).toBeUndefined();
  expect(problems).toMatchObject([{ line: 1 }]);
});

it('reports a second, different mode', () => {
  expect(parseProxyMode('ipvs\niptables\n').problems).toMatchObject([{ line: 2 }]);
});
