import { compareDigits } from '../digits.ts';

/**
 * Orders two Debian or Ubuntu package versions as dpkg does: negative, zero or positive.
 *
 * `[epoch:]upstream[-revision]`; `~` sorts before everything, even the end; letters sort before other characters.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function compareDeb(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function split(text: string): { epoch: number; upstream: string; revision: string } {
  const epoch = /^(\d{1,9}):/.exec(text);
  const rest = text.slice(epoch?.[0].length ?? 0);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch?.[1] ?? 0),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Turn by turn the text up to the next digit, then the number, until one of them differs. */
function comparePart(a: string, b: string): number {
  const left: string[] = a.match(/\d+|\D+/g) ?? [];
  const right: string[] = b.match(/\d+|\D+/g) ?? [];
  // A part may begin with digits or with text; an empty text in front keeps the two in step.
  if (/^\d/.test(a)) left.unshift('');
  if (/^\d/.test(b)) right.unshift('');
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference =
      index % 2 === 0
        ? compareText(left[index] ?? '', right[index] ?? '')
        : compareDigits(left[index] ?? '', right[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
