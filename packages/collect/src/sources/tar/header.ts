/** A header block of a tar archive. */
export interface TarHeader {
  readonly name: Uint8Array;
  /** The type letter; a NUL of old archives reads as `0`. */
  readonly type: string;
  readonly size: number;
  readonly linkName: Uint8Array;
}

export const BLOCK = 512;

const SLASH = 0x2f;
const CHECKSUM_FROM = 148;
const CHECKSUM_TO = 156;

/** Whether a block consists of zeros only, as the two at the end of an archive do. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Whether a block claims to be a header of POSIX or GNU tar. */
export function hasMagic(block: Uint8Array): boolean {
  return text(block, 257, 5) === 'ustar';
}

/**
 * Reads a header block; undefined when it is none. The checksum is taken over unsigned bytes, and over signed ones
 * as some old writers did (`tar(5)`, "checksum").
 */
export function parseHeader(block: Uint8Array): TarHeader | undefined {
  if (block.length < BLOCK) return undefined;
  const stored = readNumber(block, CHECKSUM_FROM, 8);
  const size = readNumber(block, 124, 12);
  if (stored === undefined || size === undefined || !hasChecksum(block, stored)) return undefined;
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0);
  return { name: fullName(block), type, size, linkName: field(block, 157, 100) };
}

function hasChecksum(block: Uint8Array, stored: number): boolean {
  let unsigned = 0;
  let signed = 0;
  for (const [index, value] of block.entries()) {
    const byte = index >= CHECKSUM_FROM && index < CHECKSUM_TO ? 0x20 : value;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stored === unsigned || stored === signed;
}

/** POSIX splits long names in two fields; GNU tar uses the place of the second for other things. */
function fullName(block: Uint8Array): Uint8Array {
  const name = field(block, 0, 100);
  const isPosix = text(block, 257, 6) === 'ustar\0';
  const prefix = isPosix ? field(block, 345, 155) : new Uint8Array();
  return prefix.length === 0 ? name : Uint8Array.from([...prefix, SLASH, ...name]);
}

/** A text field ends at its first NUL, or at its last byte. */
function field(block: Uint8Array, from: number, length: number): Uint8Array {
  const whole = block.subarray(from, from + length);
  const end = whole.indexOf(0);
  return whole.slice(0, end < 0 ? length : end);
}

function text(block: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...block.subarray(from, from + length));
}

/** Octal digits, or GNU's base 256 for sizes above 8 GiB. Negative and huge numbers are none. */
function readNumber(block: Uint8Array, from: number, length: number): number | undefined {
  const bytes = block.subarray(from, from + length);
  const first = bytes[0] ?? 0;
  if (first & 0x80) {
    if (first !== 0x80) return undefined;
    const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = text(bytes, 0, length).replaceAll('\0', ' ').trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
