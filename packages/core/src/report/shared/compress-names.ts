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
/** Numbers with many gaps are spread over several runs, so that a list can stop after some of them. */
const MOST_RANGES = 12;

/**
 * Shortens names that differ in one number: `n1 n2 n3 n7 gw` gives `gw n[1-3,7]`. Every name is in exactly one run.
 * Names must be printable.
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
  const ranges = rangesOf([...numbers].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1)));
  const runs: NameRun[] = [];
  for (let start = 0; start < ranges.length; start += MOST_RANGES) {
    const some = ranges.slice(start, start + MOST_RANGES);
    runs.push({
      text: frame.replace(MARK, `[${some.map(({ text }) => text).join(',')}]`),
      count: some.reduce((sum, { count }) => sum + count, 0),
    });
  }
  return runs;
}

/** Consecutive numbers as `7` or `7-12`. */
function rangesOf(sorted: readonly string[]): readonly NameRun[] {
  const ranges: { first: string; last: string; count: number }[] = [];
  for (const digits of sorted) {
    const open = ranges.at(-1);
    if (open !== undefined && follows(open.last, digits)) {
      open.last = digits;
      open.count++;
    } else ranges.push({ first: digits, last: digits, count: 1 });
  }
  return ranges.map(({ first, last, count }) => ({ text: count === 1 ? first : `${first}-${last}`, count }));
}

/** `009` and `010` follow each other, `9` and `010` do not: written back they would be other names. */
function follows(left: string, right: string): boolean {
  if (Number(right) !== Number(left) + 1) return false;
  return left.length === right.length || (!left.startsWith('0') && !right.startsWith('0'));
}
