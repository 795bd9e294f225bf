/** One item of a shortened list: `node-[001-212]` stands for 212 names. */
export interface NameRun {
  readonly text: string;
  readonly count: number;
}

interface Numbered {
  /** The name with a mark for its number. */
  readonly frame: string;
  readonly digits: string;
}

const MARK = '\u0000';

/**
 * Shortens names that differ in one number: `n1 n2 n3 n7 gw` gives `gw n[1-3,7]`. Every name is in exactly one run.
 * Which number counts is tried from the last to the first, so that `ip-10-0-0-7.ec2` counts its 7.
 */
export function compressNames(names: readonly string[]): readonly NameRun[] {
  const sorted = [...new Set(names)].sort();
  const frames = bestFrames(sorted);
  const runs = new Map<string, string[]>();
  for (const name of sorted) {
    const { frame, digits } = frames.get(name) ?? { frame: name, digits: '' };
    const members = runs.get(frame);
    if (members === undefined) runs.set(frame, [digits]);
    else members.push(digits);
  }
  return [...runs].flatMap(([frame, numbers]) => runsOf(frame, numbers));
}

/** For each name the frame that it shares with the most other names. */
function bestFrames(names: readonly string[]): ReadonlyMap<string, Numbered> {
  const shared = new Map<string, number>();
  const all = new Map(names.map((name) => [name, framesOf(name)]));
  for (const { frame } of [...all.values()].flat()) shared.set(frame, (shared.get(frame) ?? 0) + 1);
  const best = new Map<string, Numbered>();
  for (const [name, frames] of all) {
    let chosen: Numbered | undefined;
    for (const one of frames) {
      const count = shared.get(one.frame) ?? 0;
      if (count > 2 && (chosen === undefined || count > (shared.get(chosen.frame) ?? 0))) chosen = one;
    }
    if (chosen !== undefined) best.set(name, chosen);
  }
  return best;
}

/** The last number first: of equal frames that one is chosen. More than 15 digits count as text. */
function framesOf(name: string): readonly Numbered[] {
  return [...name.matchAll(/\d+/g)]
    .filter(([digits]) => digits.length <= 15)
    .map((match) => ({
      frame: `${name.slice(0, match.index)}${MARK}${name.slice(match.index + match[0].length)}`,
      digits: match[0],
    }))
    .reverse();
}

function runsOf(frame: string, numbers: readonly string[]): readonly NameRun[] {
  if (!frame.includes(MARK)) return [{ text: frame, count: 1 }];
  if (numbers.length < 3) {
    return numbers.map((digits) => ({ text: frame.replace(MARK, digits), count: 1 }));
  }
  const parts = rangesOf([...numbers].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1)));
  return [{ text: frame.replace(MARK, `[${parts.join(',')}]`), count: numbers.length }];
}

function rangesOf(sorted: readonly string[]): readonly string[] {
  const parts: string[] = [];
  let first = '';
  let last = '';
  for (const digits of sorted) {
    if (last !== '' && follows(last, digits)) {
      last = digits;
      continue;
    }
    if (last !== '') parts.push(rangeText(first, last));
    first = digits;
    last = digits;
  }
  return last === '' ? parts : [...parts, rangeText(first, last)];
}

function rangeText(first: string, last: string): string {
  return first === last ? first : `${first}-${last}`;
}

/** `009` and `010` follow each other, `9` and `010` do not: written back they would be other names. */
function follows(left: string, right: string): boolean {
  if (Number(right) !== Number(left) + 1) return false;
  return left.length === right.length || (!left.startsWith('0') && !right.startsWith('0'));
}
