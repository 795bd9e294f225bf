const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/**
 * A short stable name for a list of texts: 64 bits of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over UTF-16
 * units. Tells results of two scans apart, not a protection against somebody who wants equal ones.
 */
export function fingerprint(parts: readonly string[]): string {
  let hash = OFFSET;
  const text = JSON.stringify(parts);
  for (let index = 0; index < text.length; index++) {
    hash = ((hash ^ BigInt(text.charCodeAt(index))) * PRIME) & MASK;
  }
  return hash.toString(16).padStart(16, '0');
}
