/** A header and content of a tar archive, written by hand so that it may be wrong in any way. */
export interface TarPart {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly type?: string;
  readonly linkName?: string;
  /** What the header says; the true size by default. */
  readonly size?: number | Uint8Array;
  readonly prefix?: string;
  readonly magic?: 'posix' | 'gnu' | 'none';
  readonly checksum?: number;
}

const BLOCK = 512;

export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

/** One entry: header block, content and padding. */
export function tarPart(part: TarPart): Uint8Array {
  const content = bytesOf(part.content ?? '');
  const header = Buffer.alloc(BLOCK);
  header.set(bytesOf(part.name).subarray(0, 100), 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  if (part.size instanceof Uint8Array) header.set(part.size, 124);
  else header.write(`${(part.size ?? content.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(part.type ?? '0', 156);
  header.write((part.linkName ?? '').slice(0, 100), 157);
  if (part.magic !== 'none')
    header.write(part.magic === 'gnu' ? 'ustar  \0' : 'ustar\u000000', 257, 'latin1');
  header.write(part.prefix ?? '', 345);
  header.fill(' ', 148, 156);
  const sum = part.checksum ?? header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

/** An archive of entries, with the end mark. */
export function tar(...parts: readonly TarPart[]): Uint8Array {
  return Buffer.concat([...parts.map(tarPart), Buffer.alloc(2 * BLOCK)]);
}

/** An extended header for the entry after it. */
export function pax(records: Readonly<Record<string, string>>, type = 'x'): TarPart {
  const lines = Object.entries(records).map(([key, value]) => {
    const body = Buffer.byteLength(` ${key}=${value}\n`);
    let length = body + String(body).length;
    length = body + String(length).length;
    return `${length} ${key}=${value}\n`;
  });
  return { name: 'PaxHeaders/x', type, content: lines.join('') };
}

/** Files of an archive by path, of any length. */
export function tarOf(files: Readonly<Record<string, string>>): Uint8Array {
  return tar(...Object.entries(files).flatMap(([name, content]) => [pax({ path: name }), { name, content }]));
}
