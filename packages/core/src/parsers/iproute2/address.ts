/** Address family: IPv4 or IPv6. */
export type Family = 4 | 6;

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-f]{1,4}$/i;
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5,19}$/i;
const ADDRESS_LIMIT = 64;

/** The family of an address or prefix, `undefined` when the text is neither. */
export function familyOf(text: string | undefined): Family | undefined {
  if (text === undefined || text.length > ADDRESS_LIMIT) return undefined;
  const [address = '', length, ...others] = text.split('/');
  if (others.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  if (IPV4.test(address)) return Number(length ?? 0) <= 32 ? 4 : undefined;
  return isIpv6(address) && Number(length ?? 0) <= 128 ? 6 : undefined;
}

/** Eight groups, of which one run may be left out as `::` and the last two may be written as an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const hasIpv4 = IPV4.test(text.slice(text.lastIndexOf(':') + 1));
  const plain = hasIpv4 ? groups.slice(0, -1) : groups;
  const count = plain.length + (hasIpv4 ? 2 : 0);
  const isWhole = halves.length === 1 ? count === 8 : halves.length === 2 && count < 8;
  return isWhole && plain.every((group) => GROUP.test(group));
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
