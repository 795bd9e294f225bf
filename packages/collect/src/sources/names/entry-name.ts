/** A name of an archive or a directory: the path it stands for, or why it is not used. */
export type EntryName = { readonly path: string } | { readonly refused: string };

/** Longer than any file system allows. */
const LONGEST = 4096;
const SHOWN = 200;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Control characters would let a file name write to the terminal of whoever reads the report. */
function isControl(letter: string): boolean {
  return letter < ' ' || (letter >= '\u007f' && letter <= '\u009f');
}

/** Checks a name as it stands in an archive and gives the path below its root, without `.` and doubled slashes. */
export function entryName(raw: Uint8Array): EntryName {
  if (raw.length > LONGEST) return { refused: `a name longer than ${LONGEST} bytes` };
  let name: string;
  try {
    name = strictUtf8.decode(raw);
  } catch {
    return { refused: 'a name that is not UTF-8; rename the file and pack again' };
  }
  return pathOf(name);
}

function pathOf(name: string): EntryName {
  if ([...name].some(isControl)) return { refused: 'control characters in the name' };
  if (name.includes('\\')) {
    return { refused: 'a backslash in the name; pack again with a tool that writes "/" between folders' };
  }
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) {
    return { refused: 'an absolute path; only paths below the root of the source are read' };
  }
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { refused: 'a path with ".."; only paths below the root are read' };
  return parts.length === 0 ? { refused: 'an empty name' } : { path: parts.join('/') };
}

/** A name as a message shows it: one line, without anything a terminal would act on. */
export function shownName(raw: Uint8Array | string): string {
  const text = typeof raw === 'string' ? raw : decoded(raw.subarray(0, SHOWN * 4));
  const escaped = [...text.slice(0, SHOWN)].map((letter) => (isControl(letter) ? hex(letter) : letter));
  return escaped.join('') + (text.length > SHOWN ? '…' : '');
}

function decoded(raw: Uint8Array): string {
  try {
    return strictUtf8.decode(raw);
  } catch {
    // Bytes that are no text are shown as what they are.
    return [...latin1.decode(raw)].map((letter) => (letter > '~' ? hex(letter) : letter)).join('');
  }
}

function hex(letter: string): string {
  return `\\x${(letter.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}
