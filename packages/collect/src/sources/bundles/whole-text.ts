import type { ArchiveEntry } from '../archive-entry.ts';
import type { Content } from '../layout/layout.ts';

/** Far above what is read whole here: version files and logs of one pod. */
const MOST = 256 * 2 ** 20;

/** The text of a file, up to a limit; the rest is dropped and named as damage. */
export async function wholeText(
  entry: Content,
): Promise<{ readonly text: string; readonly damage?: string }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of entry.chunks) {
    if (length < MOST) chunks.push(chunk);
    length += chunk.length;
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MOST));
  const damage = entry.damage() ?? (length > MOST ? `only the first ${MOST} bytes were read` : undefined);
  return { text, ...(damage === undefined ? {} : { damage }) };
}

/** A file made anew from the text of another one. What `change` throws is damage of the file. */
export function changedText(entry: ArchiveEntry, change: (text: string) => string): Content {
  let damage: string | undefined;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    const whole = await wholeText(entry);
    damage = whole.damage;
    let changed = '';
    try {
      changed = change(whole.text);
    } catch (error) {
      damage ??= `not what was expected: ${error instanceof Error ? error.message : String(error)}`;
    }
    yield Buffer.from(changed);
  };
  return { chunks: chunks(), damage: () => damage };
}
