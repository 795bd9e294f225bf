import { allBits, type IpAddress, parseAddress } from '../../../net/address.ts';
import { type NumberRange, parseNumberRange } from '../../../net/number-range.ts';
import { maskOf, parsePrefix } from '../../../net/prefix.ts';

/** A network of an iptables rule. Its mask may have gaps, as in `10.0.0.1/255.0.0.255`. */
export interface MaskedAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly mask: bigint;
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, or a bare address. */
export function readMaskedAddress(text: string): MaskedAddress | undefined {
  const prefix = parsePrefix(text);
  if (prefix !== undefined) {
    return { family: prefix.family, bits: prefix.bits, mask: maskOf(prefix.family, prefix.length) };
  }
  const [address, mask] = text.split('/').map(parseAddress);
  if (address === undefined || mask === undefined || address.family !== mask.family) return undefined;
  return { family: address.family, bits: address.bits & mask.bits, mask: mask.bits & allBits(mask.family) };
}

export function isInNetwork(network: MaskedAddress, address: IpAddress): boolean {
  return network.family === address.family && (address.bits & network.mask) === network.bits;
}

/** A number with a mask: `0x4000/0x4000`; all 32 bits where no mask is written. */
export interface MaskedNumber {
  readonly value: number;
  readonly mask: number;
}

export function readMaskedNumber(text: string | undefined): MaskedNumber | undefined {
  const match = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(text ?? '');
  if (match === null) return undefined;
  const value = Number(match[1]);
  const mask = match[2] === undefined ? 0xffffffff : Number(match[2]);
  return value <= 0xffffffff && mask <= 0xffffffff ? { value, mask } : undefined;
}

/** Bits that both numbers have, without sign. */
export function and(left: number, right: number): number {
  return (left & right) >>> 0;
}

/** `80`, `80,443,1000:2000`; undefined when one of them is a name or no port. */
export function readPorts(text: string | undefined): readonly NumberRange[] | undefined {
  const ranges: NumberRange[] = [];
  for (const part of text?.split(',') ?? ['']) {
    const range = parseNumberRange(part);
    if (range === undefined) return undefined;
    ranges.push(range);
  }
  return ranges;
}
