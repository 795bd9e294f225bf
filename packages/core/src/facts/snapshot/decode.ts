/** The part of the WHATWG decoder used here; every JavaScript runtime has it, but no ECMAScript library types it. */
declare const TextDecoder: new (
  encoding: string,
  options?: { readonly fatal?: boolean },
) => { decode(bytes: Uint8Array): string };

/** A text file as it was read. */
export interface DecodedText {
  readonly text: string;
  /** What was wrong with the bytes; the text is still the best reading of them. */
  readonly damage?: string;
}

const utf8 = new TextDecoder('utf-8');
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Longest file that is read as one text. V8 can not hold a longer string; other engines allow more. */
export const TEXT_LIMIT = 512 * 1024 * 1024 - 64;

/** Turns bytes into text: UTF-8, or UTF-16 with a byte order mark, as Windows tools write it. Never throws. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes.length > TEXT_LIMIT) {
    const { text } = decodeText(bytes.subarray(0, TEXT_LIMIT));
    return { text, damage: `only the first ${TEXT_LIMIT} bytes were read` };
  }
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decodeUtf16('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return decodeUtf16('utf-16be', bytes);
  try {
    return { text: strictUtf8.decode(bytes) };
  } catch {
    return { text: utf8.decode(bytes), damage: 'not UTF-8: some characters can not be read' };
  }
}

function decodeUtf16(encoding: string, bytes: Uint8Array): DecodedText {
  const text = new TextDecoder(encoding).decode(bytes);
  return bytes.length % 2 === 0
    ? { text }
    : { text, damage: 'UTF-16 text ends in the middle of a character' };
}

/** Joins pieces into one array without a copy where there is only one. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
