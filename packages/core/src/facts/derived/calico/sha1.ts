/**
 * SHA-1 of an ASCII text in hexadecimal. Calico derives names and MACs from it; it protects nothing here, and is written out
 * because the core runs without a platform's own libraries.
 */
export function sha1(text: string): string {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (const block of blocksOf(text)) addBlock(state, block);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function* blocksOf(text: string): Generator<number[]> {
  const bytes = [...text].map((letter) => letter.charCodeAt(0) & 0xff);
  const bits = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let shift = 56; shift >= 0; shift -= 8) bytes.push(Math.floor(bits / 2 ** shift) & 0xff);
  for (let start = 0; start < bytes.length; start += 64) {
    const words: number[] = [];
    for (let at = start; at < start + 64; at += 4) {
      words.push(bytes.slice(at, at + 4).reduce((word, byte) => (word << 8) | byte, 0));
    }
    yield words;
  }
}

function addBlock(state: number[], words: number[]): void {
  for (let at = 16; at < 80; at++) {
    const word = (back: number) => words[at - back] ?? 0;
    words.push(rotate(word(3) ^ word(8) ^ word(14) ^ word(16), 1));
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (const [round, word] of words.entries()) {
    const next =
      (rotate(a, 5) + mix(round, b, c, d) + e + (CONSTANTS[Math.floor(round / 20)] ?? 0) + word) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
  }
  for (const [index, value] of [a, b, c, d, e].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
}

const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return (b & c) | (~b & d);
  if (round >= 40 && round < 60) return (b & c) | (b & d) | (c & d);
  return b ^ c ^ d;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
