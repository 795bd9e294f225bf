import { formatAddress, type IpAddress } from '../../net/address.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import type { Station } from './veth.ts';
import type { Walk } from './walk.ts';

/** A neighbour that a namespace got to know on the way; the doubt is whether it did. */
export interface Acquaintance {
  readonly doubt?: UnsurePoint;
}

/** What an interface got to know of a neighbour on the way; undefined where nothing. */
export function recall(walk: Walk, station: Station, address: IpAddress): Acquaintance | undefined {
  return walk.acquainted.get(keyOf(station, address));
}

/** Notes that an interface got to know the hardware address of a neighbour, if the doubt is unfounded. */
export function remember(
  walk: Walk,
  station: Station,
  address: IpAddress,
  doubt: UnsurePoint | undefined,
): void {
  const key = keyOf(station, address);
  const known = walk.acquainted.get(key);
  if (known === undefined || known.doubt !== undefined)
    walk.acquainted.set(key, doubt === undefined ? {} : { doubt });
}

function keyOf({ namespace: { node, name }, device }: Station, address: IpAddress): string {
  return `${node}/${name} ${device.name} ${formatAddress(address)}`;
}
