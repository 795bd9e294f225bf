/** An address with its port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `10.0.0.1:80`, `[fd00::1]:80`, or `0A000001:0050` and `[fd00:…]:0050` of `/proc/net/ip_vs`; undefined for names. */
export function readEndpoint(text: string, isHexadecimal: boolean): Endpoint | undefined {
  const v6 = /^\[([0-9a-f:.]{2,45})(?:%\S{1,15})?\]:([0-9a-f]{1,5})$/i.exec(text);
  const v4 = isHexadecimal
    ? /^([0-9a-f]{8}):([0-9a-f]{4})$/i.exec(text)
    : /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}):(\d{1,5})$/.exec(text);
  const address = v6?.[1] ?? v4?.[1];
  const digits = v6?.[2] ?? v4?.[2];
  if (address === undefined || digits === undefined) return undefined;
  const port = isHexadecimal ? Number.parseInt(digits, 16) : Number(digits);
  if (!(port <= 65_535)) return undefined;
  return { address: v6 === null && isHexadecimal ? dotted(address) : address, port };
}

function dotted(hexadecimal: string): string {
  return [0, 2, 4, 6].map((start) => Number.parseInt(hexadecimal.slice(start, start + 2), 16)).join('.');
}
