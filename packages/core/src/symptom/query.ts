/** What a user said about a symptom, taken apart. */
export interface SymptomQuery {
  readonly text: string;
  /** Delays that are named, in seconds. */
  readonly seconds: readonly number[];
  /** Words in lower case, without filler words. */
  readonly words: readonly string[];
}

const DURATION =
  /(\d+(?:[.,]\d+)?)\s*-?\s*(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m)(?![a-z0-9])/gi;

const FILLERS = new Set(
  'a an and are as at be but by can could do does for from get gets has have i in is it its me my not of on or our so some that the then there this to too was we when which why with your takes take very after before always sometimes get'.split(
    ' ',
  ),
);

/** Understands `63 seconds`, `1s delay`, `1000 ms`, a pasted log line, and plain words. */
export function parseSymptom(text: string): SymptomQuery {
  const counted = text.replace(/\b(?:an?|one)\s+(second|minute)\b/gi, '1 $1');
  const seconds = [...counted.matchAll(DURATION)].map(([, number = '', unit = '']) =>
    toSeconds(number, unit),
  );
  const words = counted
    .replace(DURATION, ' ')
    .toLowerCase()
    .split(/[^a-z0-9.]+/)
    .map((word) => word.replace(/^\.+|\.+$/g, ''))
    .filter(
      (word) => word.length > 1 && !FILLERS.has(word) && !/^\d+(\.\d+)?(s|ms|sec|seconds?)?$/.test(word),
    );
  return { text, seconds: [...new Set(seconds)], words: [...new Set(words.map(stem))] };
}

function toSeconds(number: string, unit: string): number {
  const value = Number(number.replace(',', '.'));
  const name = unit.toLowerCase();
  if (name.startsWith('ms') || name.startsWith('milli')) return value / 1000;
  return name.startsWith('m') ? value * 60 : value;
}

/** Cuts the endings that make no difference here. */
export function stem(word: string): string {
  if (word.length <= 4) return word;
  return word.replace(/(ing|ed|es|s)$/, '');
}

/** Sums of the retransmission times of a TCP SYN (1, 2, 4, 8 … s apart): after this long a connect succeeds. */
const SYN_SUMS = [1, 3, 7, 15, 31, 63, 127];

/** How many SYNs were lost when a connect takes about this long; undefined where it is no such sum. */
export function lostSyns(seconds: number): number | undefined {
  const index = SYN_SUMS.findIndex((sum) => Math.abs(sum - seconds) <= Math.max(0.3, sum * 0.05));
  return index < 0 ? undefined : index + 1;
}
