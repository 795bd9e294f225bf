import { allBits, type Family, formatAddress, type IpAddress, parseAddress, widthOf } from './address.ts';

/** A network: all addresses that share the first `length` bits. Bits behind them are zero. */
export interface Prefix {
  readonly family: Family;
  readonly bits: bigint;
  readonly length: number;
}

/** The network of this length that holds an address. */
export function prefixOf(address: IpAddress, length: number): Prefix {
  return { family: address.family, bits: address.bits & maskOf(address.family, length), length };
}

/** The first `length` bits set, the others not. */
export function maskOf(family: Family, length: number): bigint {
  return MASKS[family][length] ?? 0n;
}

const MASKS = { 4: masksOf(4), 6: masksOf(6) } as const;

/** Masks of all lengths. */
function masksOf(family: Family): readonly bigint[] {
  const width = widthOf(family);
  return Array.from({ length: width + 1 }, (_, length) => {
    const rest = BigInt(width - length);
    return (allBits(family) >> rest) << rest;
  });
}

/** Reads `10.0.0.0/8`, `fd00::/8`, or a bare address as the network of it alone. Undefined for anything else. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const width = widthOf(address.family);
  if (slash < 0) return prefixOf(address, width);
  const digits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits) || Number(digits) > width) return undefined;
  return prefixOf(address, Number(digits));
}

/** `10.0.0.0/8` */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`;
}

/** Whether an address belongs to a network. Never across families. */
export function prefixContains(prefix: Prefix, address: IpAddress): boolean {
  return (
    prefix.family === address.family && (address.bits & maskOf(prefix.family, prefix.length)) === prefix.bits
  );
}
