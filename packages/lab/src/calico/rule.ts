import { createHash } from 'node:crypto';

/** A rule of Felix: each carries a hash of itself as a comment, by which Felix knows its own rules. */
export function felixRule(action: '-A' | '-I', chain: string, text: string, comment?: string): string {
  const hash = createHash('sha224').update(`${chain} ${text}`).digest('base64url').slice(0, 16);
  const said = comment === undefined ? '' : ` -m comment --comment "${comment}"`;
  return `${action} ${chain} -m comment --comment "cali:${hash}"${said} ${text}`;
}
