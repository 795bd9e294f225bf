import { type IpAddress, parseAddress } from '../net/address.ts';

/** An end of a question as it was written. */
export type Place = { readonly port?: number } & (
  | { readonly kind: 'address'; readonly address: IpAddress }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'pod' | 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'netns'; readonly node: string; readonly name: string }
);

/**
 * Reads an end of a question: `node/n1`, `pod/default/web-1:8080`, `service/default/web:80`, `netns/n1/red`, `10.0.0.1:80`,
 * `[fd00::1]:80`. Undefined for anything else.
 */
export function readPlace(text: string): Place | undefined {
  const [kind, ...rest] = text.split('/');
  if (rest.length === 0) return readAddress(text);
  const [, path = '', digits] = /^(.*?)(?::(\d{1,5}))?$/.exec(rest.join('/')) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && port > 65_535) return undefined;
  const at = port === undefined ? {} : { port };
  const [first = '', second, ...more] = path.split('/');
  if (first === '' || more.length > 0) return undefined;
  if (kind === 'node') return second === undefined ? { kind, name: first, ...at } : undefined;
  if (second === undefined || second === '') return undefined;
  if (kind === 'pod' || kind === 'service') return { kind, namespace: first, name: second, ...at };
  return kind === 'netns' ? { kind, node: first, name: second, ...at } : undefined;
}

function readAddress(text: string): Place | undefined {
  const bare = parseAddress(text);
  if (bare !== undefined) return { kind: 'address', address: bare };
  const [, v6, v4, digits] = /^(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const address = parseAddress(v6 ?? v4 ?? '');
  if (address === undefined || (v6 !== undefined && address.family !== 6)) return undefined;
  if (digits === undefined) return { kind: 'address', address };
  return Number(digits) > 65_535 ? undefined : { kind: 'address', address, port: Number(digits) };
}
