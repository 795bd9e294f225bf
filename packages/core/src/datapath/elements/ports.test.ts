import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../net/address.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { Packet } from '../model/packet.ts';
import { hasPortIn } from './ports.ts';

const zero = parseAddress('10.0.0.1') ?? { family: 4, bits: 0n };
const base: Packet = {
  source: zero,
  destination: zero,
  protocol: PROTOCOL.udp,
  mark: 0,
  ttl: 64,
  size: 60,
  dontFragment: true,
  snat: false,
};
const range = (first: number, last: number) => [{ first, last }];

describe('a port that nobody gave', () => {
  it('is an ephemeral one where it is that of who asks', () => {
    const question = { ...base, destinationPort: 80 };
    expect(hasPortIn(question, 'sourcePort', range(4789, 4789))).toBe(false);
    expect(hasPortIn(question, 'sourcePort', range(1024, 65_535))).toBe(true);
    expect(hasPortIn(question, 'sourcePort', range(40_000, 40_000))).toHaveProperty('unsure');
  });

  it('is the same one on the way back', () => {
    const answer = { ...base, sourcePort: 80, isAnswer: true };
    expect(hasPortIn(answer, 'destinationPort', range(4789, 4789))).toBe(false);
    expect(hasPortIn(answer, 'destinationPort', range(40_000, 40_000))).toHaveProperty('unsure');
  });

  it('may be any where it is that of who is asked', () => {
    expect(hasPortIn(base, 'destinationPort', range(4789, 4789))).toHaveProperty('unsure');
    expect(hasPortIn({ ...base, isAnswer: true }, 'sourcePort', range(4789, 4789))).toHaveProperty('unsure');
  });
});
