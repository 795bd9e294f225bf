import { type IpAddress, parseAddress, widthOf } from '../../net/address.ts';
import { formatPrefix } from '../../net/prefix.ts';

/** The networks that a text stands for: itself, or those that make up a range such as `10.0.0.1-10.0.0.6`. */
export function networksOf(text: string): readonly string[] {
  const [first, last, ...more] = text.split('-').map(parseAddress);
  if (first === undefined || last === undefined || more.length > 0 || first.family !== last.family)
    return [text];
  return [...networksBetween(first, last)];
}

function* networksBetween(first: IpAddress, last: IpAddress): Generator<string> {
  const { family } = first;
  let { bits } = first;
  while (bits <= last.bits) {
    let free = 0;
    while (free < widthOf(family) && fits(bits, free + 1, last.bits)) free++;
    yield formatPrefix({ family, bits, length: widthOf(family) - free });
    bits += 1n << BigInt(free);
  }
}

/** Whether the network of 2^free addresses that begins here ends within the range. */
function fits(bits: bigint, free: number, last: bigint): boolean {
  const size = 1n << BigInt(free);
  return bits % size === 0n && bits + size - 1n <= last;
}
