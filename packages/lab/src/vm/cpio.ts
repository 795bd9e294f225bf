/** A file or folder of an archive. */
export interface CpioEntry {
  /** Without a slash at its start. */
  readonly path: string;
  /** Absent for a folder. */
  readonly content?: Uint8Array;
  /** Whether it may be run. */
  readonly isProgram?: boolean;
}

const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;
const PROGRAM_MODE = 0o100755;

/** An archive that the kernel unpacks as its first root: cpio in the format newc (Documentation/driver-api/early-userspace/buffer-format.rst). */
export function writeCpio(entries: readonly CpioEntry[]): Uint8Array {
  const pieces = entries.flatMap((entry, index) => record(entry, index + 1));
  pieces.push(...record({ path: 'TRAILER!!!', content: new Uint8Array() }, 0));
  return Buffer.concat(pieces);
}

function record({ path, content, isProgram = false }: CpioEntry, inode: number): readonly Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  const mode = content === undefined ? FOLDER_MODE : isProgram ? PROGRAM_MODE : FILE_MODE;
  const size = content?.length ?? 0;
  const fields = [inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return [
    Buffer.from(header),
    name,
    padding(header.length + name.length),
    ...(content === undefined ? [] : [content, padding(size)]),
  ];
}

/** Names and contents end at multiples of four bytes. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
