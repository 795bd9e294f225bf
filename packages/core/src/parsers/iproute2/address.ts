/** Address family: IPv4 or IPv6. */
export type Family = 4 | 6;

const IPV4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d{1,2})?$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:]*(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})?(?:\/\d{1,3})?$/i;
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5,19}$/i;
const ADDRESS_LIMIT = 64;

/** The family of an address or prefix by its shape, `undefined` when it is neither. */
export function familyOf(text: string | undefined): Family | undefined {
  if (text === undefined || text.length > ADDRESS_LIMIT) return undefined;
  if (IPV4.test(text)) return 4;
  return !isMac(text) && IPV6.test(text) ? 6 : undefined;
}

/** Whether the text is a hardware address of 6 bytes, or of up to 20 as InfiniBand has them. */
export function isMac(text: string): boolean {
  return text.length <= ADDRESS_LIMIT && MAC.test(text);
}

/** The prefix with its length written out: hosts get /32 or /128, `default` becomes the zero prefix. */
export function toCidr(destination: string, family: Family): string {
  if (destination === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  return destination.includes('/') ? destination : `${destination}/${family === 4 ? 32 : 128}`;
}

/** A packet mark as printed (`0x` number or decimal) of at most 32 bits, or `undefined`. */
export function toMark(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return undefined;
  const mark = Number(text);
  return mark <= 0xffffffff ? mark : undefined;
}
