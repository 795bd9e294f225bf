/** What an extended header says about the entry after it. */
export interface Extension {
  readonly name?: Uint8Array;
  readonly linkName?: Uint8Array;
  readonly size?: number;
  /** The file has holes and its bytes stand in the archive in a form of their own. */
  readonly isSparse?: boolean;
}

const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/**
 * Reads the records of a PAX header, `<length> <key>=<value>\n` each, where the length counts the whole record.
 * Undefined when they are damaged: then nothing is known about the entry after it.
 */
export function parsePax(bytes: Uint8Array): Extension | undefined {
  let extension: Extension = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(SPACE, at);
    const digits = space < 0 || space - at > 10 ? '' : ascii(bytes.subarray(at, space));
    const length = /^[1-9][0-9]*$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(EQUALS, space);
    if (length === 0 || end > bytes.length || bytes[end - 1] !== NEWLINE || equals < 0 || equals >= end) {
      return undefined;
    }
    const next = withRecord(
      extension,
      ascii(bytes.subarray(space + 1, equals)),
      bytes.slice(equals + 1, end - 1),
    );
    if (next === undefined) return undefined;
    extension = next;
    at = end;
  }
  return extension;
}

function withRecord(extension: Extension, key: string, value: Uint8Array): Extension | undefined {
  if (key === 'path') return { ...extension, name: value };
  if (key === 'linkpath') return { ...extension, linkName: value };
  if (key.startsWith('GNU.sparse.')) return { ...extension, isSparse: true };
  if (key !== 'size') return extension;
  const size = /^[0-9]+$/.test(ascii(value)) ? Number(ascii(value)) : Number.NaN;
  return Number.isSafeInteger(size) ? { ...extension, size } : undefined;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 200));
}
