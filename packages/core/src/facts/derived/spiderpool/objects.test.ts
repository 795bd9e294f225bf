import { expect, it } from 'vitest';
import { addressOf, prefixOf, samePrefixes } from './objects.ts';

it.each([
  ['10.6.0.1/16', '10.6.0.1'],
  ['fd00::1/64', 'fd00:0:0:0:0:0:0:1'],
  ['FD00:0:0::0001', 'fd00:0:0:0:0:0:0:1'],
  ['::ffff:10.6.0.1', '0:0:0:0:0:ffff:a06:1'],
  ['::', '0:0:0:0:0:0:0:0'],
  ['10.6.0.256', undefined],
  ['', undefined],
])('the address in %s is %s', (text, wanted) => {
  expect(addressOf(text)).toBe(wanted);
});

it('compares prefixes whatever their order and spelling', () => {
  expect(prefixOf('fd00::/48')).toBe(prefixOf('FD00:0:0:0::/48'));
  expect(samePrefixes(['10.244.0.0/16', 'fd00::/48'], ['fd00:0::/48', '10.244.0.0/16'])).toBe(true);
  expect(samePrefixes(['10.244.0.0/16'], ['10.244.0.0/17'])).toBe(false);
  expect(samePrefixes([], ['10.244.0.0/16'])).toBe(false);
});
