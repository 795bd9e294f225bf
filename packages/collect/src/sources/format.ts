import { BLOCK, parseHeader } from './tar/header.ts';

/** What the first bytes of a file show it to be. */
export type Format =
  | { readonly kind: 'tar' | 'zip' | 'gzip' | 'xz' | 'zstd' | 'json' | 'yaml' | 'empty' | 'unknown' }
  | { readonly kind: 'unsupported'; readonly what: string };

/** How many bytes {@link recogniseFormat} looks at. */
export const HEAD_BYTES = 4096;

const MAGIC: readonly (readonly [bytes: string, format: Format])[] = [
  ['1f8b', { kind: 'gzip' }],
  ['fd377a585a00', { kind: 'xz' }],
  ['28b52ffd', { kind: 'zstd' }],
  ['504b0304', { kind: 'zip' }],
  ['504b0506', { kind: 'zip' }],
  ['504b3030504b0304', { kind: 'zip' }],
  ['504b0708', { kind: 'unsupported', what: 'one part of a zip archive in several parts' }],
  ['425a68', { kind: 'unsupported', what: 'bzip2' }],
  ['377abcaf271c', { kind: 'unsupported', what: '7-Zip' }],
  ['526172211a07', { kind: 'unsupported', what: 'RAR' }],
  ['04224d18', { kind: 'unsupported', what: 'LZ4' }],
  ['4c5a4950', { kind: 'unsupported', what: 'lzip' }],
  ['5d0000', { kind: 'unsupported', what: 'LZMA' }],
];

/** Tells what a file is from its first bytes; the name does not matter. */
export function recogniseFormat(head: Uint8Array): Format {
  if (head.length === 0) return { kind: 'empty' };
  const hex = Buffer.from(head.subarray(0, 16)).toString('hex');
  for (const [magic, format] of MAGIC) if (hex.startsWith(magic)) return format;
  if (parseHeader(head.subarray(0, BLOCK)) !== undefined) return { kind: 'tar' };
  const text = new TextDecoder().decode(head);
  if (/^\s*[[{]/.test(text)) return { kind: 'json' };
  return /^(apiVersion|kind|items|metadata)\s*:/m.test(text) ? { kind: 'yaml' } : { kind: 'unknown' };
}
