import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, type IpAddress, parseAddress, widthOf } from './address.ts';
import { isSameFlow, reverseFlow } from './flow.ts';
import { parseNumberRange, rangeContains } from './number-range.ts';
import { formatPrefix, type Prefix, parsePrefix, prefixContains, prefixOf } from './prefix.ts';
import { PrefixTable } from './prefix-table.ts';
import { protocolName, protocolNumber } from './protocol.ts';

const addresses = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits): IpAddress => ({ family: 4, bits })),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits): IpAddress => ({ family: 6, bits })),
);
const prefixes = fc
  .tuple(addresses, fc.nat(128))
  .map(([address, length]): Prefix => prefixOf(address, length % (widthOf(address.family) + 1)));

describe('addresses', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['fd00:0:0:0:0:0:0:1', 'fd00::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is read', (text, printed) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(printed);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    'fd00::g',
    'host',
    '1:2:3:4:5:6:7:8:9',
  ])('"%s" is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('what is written reads back', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });
});

describe('prefixes', () => {
  it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '/8', '10.0.0.0/8/8'])('"%s" is none', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });

  it('what is written reads back', () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        expect(parsePrefix(formatPrefix(prefix))).toEqual(prefix);
      }),
    );
  });

  it('an address is in its own network and in all shorter ones', () => {
    fc.assert(
      fc.property(addresses, fc.nat(128), (address, length) => {
        expect(prefixContains(prefixOf(address, length % (widthOf(address.family) + 1)), address)).toBe(true);
      }),
    );
  });

  it('the table finds what a scan of all networks finds, longest first', () => {
    fc.assert(
      fc.property(fc.array(prefixes, { maxLength: 30 }), addresses, (list, address) => {
        const table = new PrefixTable<Prefix>();
        for (const prefix of list) table.add(prefix, prefix);
        const scanned = list
          .filter((prefix) => prefixContains(prefix, address))
          .sort((left, right) => right.length - left.length);
        expect([...table.matches(address)]).toEqual(scanned);
      }),
    );
  });
});

describe('ranges', () => {
  it.each([
    ['80', { first: 80, last: 80 }],
    ['1024:2047', { first: 1024, last: 2047 }],
    ['1024-2047', { first: 1024, last: 2047 }],
    [':1023', { first: 0, last: 1023 }],
    ['1024:', { first: 1024, last: 65_535 }],
    ['90:80', undefined],
    ['65536', undefined],
    ['http', undefined],
    [':', undefined],
  ])('%s', (text, range) => {
    expect(parseNumberRange(text)).toEqual(range);
  });

  it('holds its borders', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(65_535), (one, other) => {
        const [first, last] = one < other ? [one, other] : [other, one];
        const range = { first, last };
        expect([first, last, first - 1, last + 1].map((value) => rangeContains(range, value))).toEqual([
          true,
          true,
          false,
          false,
        ]);
      }),
    );
  });
});

describe('protocols and flows', () => {
  it('reads names and numbers', () => {
    expect(['tcp', '17', 'ipv6-icmp', 'ICMP', '256', 'nonsense'].map(protocolNumber)).toEqual([
      6,
      17,
      58,
      1,
      undefined,
      undefined,
    ]);
    expect([6, 250].map(protocolName)).toEqual(['tcp', '250']);
  });

  it('a flow reversed twice is the same flow', () => {
    fc.assert(
      fc.property(
        addresses,
        addresses,
        fc.option(fc.nat(65_535), { nil: undefined }),
        (source, destination, port) => {
          const flow = {
            source,
            destination,
            protocol: 6,
            ...(port === undefined ? {} : { sourcePort: port }),
          };
          expect(isSameFlow(reverseFlow(reverseFlow(flow)), flow)).toBe(true);
        },
      ),
    );
  });
});
