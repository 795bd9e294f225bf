import { parseAddress } from '../../../net/address.ts';
import { parsePrefix } from '../../../net/prefix.ts';
import { ones } from './fields.ts';

/** A value with the bits of it that count. */
export interface MaskedValue {
  readonly value: bigint;
  readonly mask: bigint;
}

/**
 * Reads `5`, `0x10000/0x70000`, `10.0.0.0/24`, `10.0.0.0/255.0.0.0`, `fd00::/64`, `aa:bb:cc:dd:ee:ff/ff:…` for so many bits;
 * undefined for anything else.
 */
export function readMasked(text: string, width: number): MaskedValue | undefined {
  const [left = '', right, ...more] = text.split('/');
  if (more.length > 0) return undefined;
  const value = readValue(left);
  if (value === undefined || value > ones(width)) return undefined;
  if (right === undefined) return { value, mask: ones(width) };
  const isAddress = parseAddress(left) !== undefined;
  const mask = isAddress && /^\d{1,3}$/.test(right) ? prefixMask(left, right) : readValue(right);
  return mask === undefined || mask > ones(width) ? undefined : { value: value & mask, mask };
}

function prefixMask(address: string, length: string): bigint | undefined {
  const prefix = parsePrefix(`${address}/${length}`);
  if (prefix === undefined) return undefined;
  const width = prefix.family === 4 ? 32 : 128;
  return ones(width) & ~ones(width - prefix.length);
}

/** Reads a number, an IP address or a hardware address. */
export function readValue(text: string): bigint | undefined {
  if (/^(?:0x[0-9a-f]{1,32}|\d{1,39})$/i.test(text)) return BigInt(text);
  if (/^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i.test(text)) return readMac(text);
  return parseAddress(text)?.bits;
}

/** A hardware address as a number. */
export function readMac(text: string): bigint {
  return text.split(':').reduce((value, part) => (value << 8n) | BigInt(Number.parseInt(part, 16)), 0n);
}

/** `aa:bb:cc:dd:ee:ff` */
export function formatMac(value: bigint): string {
  return (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');
}

/** Reads flags as `+new-est+trk`; undefined for anything else. */
export function readFlags(text: string, bits: Readonly<Record<string, bigint>>): MaskedValue | undefined {
  if (!/^(?:[+-][a-z]+)+$/.test(text)) return undefined;
  let value = 0n;
  let mask = 0n;
  for (const [, sign, name = ''] of text.matchAll(/([+-])([a-z]+)/g)) {
    const bit = Object.hasOwn(bits, name) ? bits[name] : undefined;
    if (bit === undefined) return undefined;
    mask |= bit;
    if (sign === '+') value |= bit;
  }
  return { value, mask };
}
