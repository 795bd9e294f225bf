/** Address family: IPv4 or IPv6. */
export type Family = 4 | 6;

/** An IPv4 or IPv6 address as a number. */
export interface IpAddress {
  readonly family: Family;
  /** 0 to 2^32 - 1, or 0 to 2^128 - 1. */
  readonly bits: bigint;
}

/** Number of bits of an address: 32 or 128. */
export function widthOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** All bits of an address set. */
export function allBits(family: Family): bigint {
  return (1n << BigInt(widthOf(family))) - 1n;
}

/** Reads `10.0.0.1`, `fd00::1`, `::ffff:10.0.0.1`, also with `%zone` behind it. Undefined for anything else. */
export function parseAddress(text: string): IpAddress | undefined {
  if (text.includes(':')) {
    const bits = ipv6Bits(text.split('%')[0] ?? '');
    return bits === undefined ? undefined : { family: 6, bits };
  }
  const bits = ipv4Bits(text);
  return bits === undefined ? undefined : { family: 4, bits };
}

/** Writes an address in its usual short form (RFC 5952 for IPv6). */
export function formatAddress(address: IpAddress): string {
  return address.family === 4 ? formatIpv4(Number(address.bits)) : formatIpv6(address.bits);
}

/** Whether two addresses are the same one. */
export function isSameAddress(left: IpAddress, right: IpAddress): boolean {
  return left.family === right.family && left.bits === right.bits;
}

const DOT = 46;
const ZERO = 48;

/** Read digit by digit: evidence of large clusters has millions of addresses. */
function ipv4Bits(text: string): bigint | undefined {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT && digits > 0) {
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots++;
    } else {
      const digit = code - ZERO;
      part = part * 10 + digit;
      digits++;
      if (digit < 0 || digit > 9 || digits > 3 || part > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? BigInt(value * 256 + part) : undefined;
}

function ipv6Bits(text: string): bigint | undefined {
  const halves = text.split('::');
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 1 ? [] : groupsOf(halves[1] ?? '', true);
  if (halves.length > 2 || head === undefined || tail === undefined) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined;
  let bits = 0n;
  for (const group of [...head, ...Array.from({ length: gap }, () => 0), ...tail])
    bits = (bits << 16n) | BigInt(group);
  return bits;
}

/** Groups of 16 bits; only the end of an address may be written as IPv4. */
function groupsOf(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (isEnd && index === parts.length - 1 && part.includes('.')) {
      const bits = ipv4Bits(part);
      if (bits === undefined) return undefined;
      groups.push(Number(bits >> 16n), Number(bits & 0xffffn));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((bits >> BigInt(112 - index * 16)) & 0xffffn),
  );
  const [start, length] = longestZeroRun(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best[1]) best = [start, length];
  }
  return best;
}
