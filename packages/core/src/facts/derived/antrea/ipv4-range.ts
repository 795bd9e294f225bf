/** Whether an IPv4 address lies in a range such as `10.10.1.0/24`; false where one of them is none. */
export function inRange(range: string, address: string): boolean {
  const [base = '', length = '32'] = range.split('/');
  const start = toNumber(base);
  const own = toNumber(address);
  const bits = Number(length);
  if (start === undefined || own === undefined || !(bits >= 0 && bits <= 32)) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(start / size) === Math.floor(own / size);
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
