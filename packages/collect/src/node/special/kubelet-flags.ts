import type { Host } from '../host.ts';
import type { Outcome } from '../outcome.ts';
import { processesOf } from '../processes.ts';

/** Words that a shell leaves alone, as a basic regular expression that the collection script gives to sed. */
export const PLAIN_WORD = '^[A-Za-z0-9_@%+=:,./-][A-Za-z0-9_@%+=:,./-]*$';

const plainWord = new RegExp(PLAIN_WORD);

/** The command line of the kubelet, one word a line, with the quotes of a shell where a word needs them. */
export async function listKubeletFlags(host: Host): Promise<Outcome> {
  const [kubelet] = await processesOf(host, 'kubelet');
  if (kubelet === undefined) return { status: 'not-found', message: 'no process of that name: kubelet' };
  const lines = kubelet.words.map((word) => `${quoted(word)}\n`);
  return { status: 'ok', bytes: Buffer.from(lines.join('')) };
}

function quoted(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll('\n', ' ').replaceAll("'", "'\\''")}'`;
}
