import { familyOf } from '../../../parsers/iproute2/address.ts';

/** An IPv4 network: the bits of the prefix, and how many there are. */
export interface Network {
  readonly bits: number;
  readonly length: number;
}

/** Reads `10.0.0.1/24`, or a plain address as a /32; undefined where it is no IPv4 address. */
export function networkOf(text: string): Network | undefined {
  if (familyOf(text) !== 4) return undefined;
  const [address = '', length = '32'] = text.split('/');
  return { bits: mask(numberOf(address), Number(length)), length: Number(length) };
}

/** Whether an address (without a length) lies in the network. */
export function isInNetwork(address: string, { bits, length }: Network): boolean {
  return familyOf(address) === 4 && mask(numberOf(address), length) === bits;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function mask(address: number, length: number): number {
  const hosts = 2 ** (32 - length);
  return Math.floor(address / hosts) * hosts;
}
